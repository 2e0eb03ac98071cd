import { isRecord, jsonOrText } from '@rivulet/core/provider'

type Fields = Readonly<Record<string, unknown>>

/** Where the types of block, and of delta, have their signature. */
const SIGNED: Readonly<Partial<Record<string, string>>> = {
  thinking: 'signature',
  redacted_thinking: 'data',
  signature_delta: 'signature',
}

/** The fields of a frame's data, which was read before and is JSON. */
export function fieldsOf(data: string): Fields {
  const message = jsonOrText(data)
  return isRecord(message) ? message : {}
}

/** The data of a frame with its signature sealed; the same data where it has none. */
export function sealedData(data: string, seal: (value: string) => string): string {
  // Deltas of text are nearly all frames: none of them is parsed.
  if (!data.includes('signature') && !data.includes('redacted_thinking')) return data
  const message = fieldsOf(data)
  for (const name of ['content_block', 'delta']) {
    const given = message[name]
    const block = isRecord(given) ? sealedBlock(given, seal) : given
    if (block !== given) return JSON.stringify({ ...message, [name]: block })
  }
  return data
}

/** A block, or a delta, with its signature sealed; the same one where it has none. */
export function sealedBlock(block: Fields, seal: (value: string) => string): Fields {
  const name = SIGNED[String(block.type)]
  const value = name === undefined ? undefined : block[name]
  if (name === undefined || typeof value !== 'string' || value === '') return block
  return { ...block, [name]: seal(value) }
}
