import type { RecordedExchange } from '@rivulet/core'

/** Fixtures that are a body alone, by extension; `fixturesIn()` gives each its content type. */
export const BODY_EXTENSIONS = ['sse', 'ndjson', 'json', 'txt'] as const

const BY_CONTENT_TYPE: readonly (readonly [RegExp, (typeof BODY_EXTENSIONS)[number]])[] = [
  [/event-stream/, 'sse'],
  [/ndjson|jsonl|json-seq/, 'ndjson'],
  [/json/, 'json'],
]

export function extensionOf({ response }: RecordedExchange): (typeof BODY_EXTENSIONS)[number] {
  const contentType = response?.headers['content-type'] ?? ''
  return BY_CONTENT_TYPE.find(([pattern]) => pattern.test(contentType))?.[1] ?? 'txt'
}

/** The bytes of the answer, as they arrived. */
export const bodyOf = ({ chunks }: RecordedExchange): Buffer =>
  Buffer.concat(
    chunks.map(({ text, base64 = '' }) => (text === undefined ? Buffer.from(base64, 'base64') : Buffer.from(text))),
  )
