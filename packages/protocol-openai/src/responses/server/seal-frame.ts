import type { Origin } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { writeProof } from '../proof.ts'

/** The data of a frame with its reasoning sealed for its author. Other data is returned as it is. */
export function sealed(data: string, author: Origin): string {
  if (!data.includes('"encrypted_content"')) return data
  const value: unknown = JSON.parse(data)
  if (!isRecord(value)) return data
  const { item, response, output } = value
  const whole = isRecord(response) ? response.output : output
  let isChanged = false
  for (const each of [item, ...(Array.isArray(whole) ? (whole as unknown[]) : [])]) {
    if (!isRecord(each) || each.type !== 'reasoning') continue
    const { encrypted_content: content, id } = each
    if (typeof content !== 'string' || content === '') continue
    const proof = { kind: 'sealed', value: content, ...(typeof id === 'string' && { id }) } as const
    each.encrypted_content = writeProof(proof, author)
    isChanged = true
  }
  return isChanged ? JSON.stringify(value) : data
}
