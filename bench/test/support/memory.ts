import type { Transport } from '@rivulet/core'
import { answers } from '../../src/wire/answers.ts'

/** A transport that answers from memory, with this many reads and chunks in each. */
export function fromMemory(reads: number, chunks: number): Transport {
  const { head, chunkAt, tail } = answers.openai
  const bytes = Array.from({ length: reads }, (_, read) => {
    const body = Array.from({ length: chunks }, (__, chunk) => chunkAt(read * chunks + chunk)).join('')
    return Buffer.from((read === 0 ? head : '') + body + (read === reads - 1 ? tail(reads * chunks) : ''))
  })
  return () => {
    let read = 0
    const body: AsyncIterableIterator<Uint8Array, undefined> = {
      next() {
        const value = bytes[read++]
        return Promise.resolve(value === undefined ? { done: true, value } : { done: false, value })
      },
      return() {
        read = reads
        return Promise.resolve({ done: true, value: undefined })
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
    return Promise.resolve({ status: 200, headers: { 'content-type': 'text/event-stream' }, body })
  }
}

export const REQUEST = { model: 'gpt-4', messages: [{ role: 'user' as const, content: 'Hello' }] }
