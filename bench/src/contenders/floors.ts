import { request } from 'undici'
import { type Read, streams } from '../contender.ts'
import { BODY, eachLine, HEADERS } from './lines.ts'

/**
 * The floors: for each dialect, the plainest loop that parses everything and reads the text correctly: undici's `request`, lines,
 * `JSON.parse` of each. They have no deadlines, no errors and no abort, and do not check for the end mark.
 */

interface OpenaiChunk {
  choices: { delta: { content?: string } }[]
}

/** The floor of most figures: chat completions. */
const openaiLine =
  (take: (text: string) => void) =>
  (line: string): void => {
    if (!line.startsWith('data: ') || line === 'data: [DONE]') return
    // Trusted as it is, as in the plainest loop.
    const text = (JSON.parse(line.slice(6)) as OpenaiChunk).choices[0]?.delta.content
    if (text) take(text)
  }

export const openai = streams((url, take) => eachLine(url, openaiLine(take)))

export const anthropic = streams((url, take) =>
  eachLine(url, (line) => {
    if (!line.startsWith('data: ')) return
    const { delta } = JSON.parse(line.slice(6)) as { delta?: { text?: string } }
    if (delta?.text) take(delta.text)
  }),
)

export const google = streams((url, take) =>
  eachLine(url, (line) => {
    if (!line.startsWith('data: ')) return
    const { candidates } = JSON.parse(line.slice(6)) as { candidates: { content: { parts: { text?: string }[] } }[] }
    const text = candidates[0]?.content.parts[0]?.text
    if (text) take(text)
  }),
)

export const ollama = streams((url, take) =>
  eachLine(url, (line) => {
    if (line === '') return
    const { message } = JSON.parse(line) as { message: { content: string } }
    if (message.content !== '') take(message.content)
  }),
)

/** The body is the text, without lines or anything to parse. */
export const text = streams(async (url, take) => {
  const { body } = await request(url, { method: 'POST', headers: HEADERS, body: BODY })
  const decoder = new TextDecoder()
  for await (const chunk of body as AsyncIterable<Uint8Array>) take(decoder.decode(chunk, { stream: true }))
})

/** The same loop over Node's `fetch`. */
export const builtInFetch = streams(async (url, take) => {
  const line = openaiLine(take)
  const { body } = await fetch(url, { method: 'POST', headers: HEADERS, body: BODY })
  const decoder = new TextDecoder()
  let rest = ''
  // The chunks of a body are bytes, which its type does not say.
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const each of lines) line(each)
  }
})

/** The cheapest way to the text: it parses only strings with escapes. It fails on anything but plain text. */
export const scan: Read = (url, take) =>
  eachLine(url, (line) => {
    const at = line.indexOf('"content":"')
    if (at < 0) return
    const start = at + 11
    const end = line.indexOf('"}', start)
    const raw = line.slice(start, end)
    if (raw.includes('\\')) take(JSON.parse(`"${raw}"`) as string)
    else if (raw !== '' && !raw.startsWith('",')) take(raw)
  })

/** The cost of receiving alone: the bytes are only counted. The source announces their number. */
export const bytes: Read = async (url) => {
  const { body, headers } = await request(url, { method: 'POST', headers: HEADERS, body: BODY })
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) size += chunk.length
  if (size !== Number(headers['x-body-bytes'])) throw new Error(`${size} bytes of ${String(headers['x-body-bytes'])}`)
}
