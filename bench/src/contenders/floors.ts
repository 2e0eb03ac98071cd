import { request } from 'undici'
import { type Read, streams } from '../contender.ts'
import { BODY, eachLine, HEADERS } from './lines.ts'

/**
 * The floors: for each dialect, the plainest loop that parses everything and reads the text rightly. undici's `request`,
 * lines, `JSON.parse` of each. They have no deadlines, no errors and no abort, and don't look whether the end mark came.
 */

interface OpenaiChunk {
  choices: { delta: { content?: string } }[]
}

/** The floor of most figures: chat completions. */
const openaiLine =
  (take: (text: string) => void) =>
  (line: string): void => {
    if (!line.startsWith('data: ') || line === 'data: [DONE]') return
    // Parsed and trusted, as the plainest loop would.
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

/** The body is the text: there are no lines and nothing to parse. */
export const text = streams(async (url, take) => {
  const { body } = await request(url, { method: 'POST', headers: HEADERS, body: BODY })
  const decoder = new TextDecoder()
  for await (const chunk of body as AsyncIterable<Uint8Array>) take(decoder.decode(chunk, { stream: true }))
})

/** The same loop over the `fetch` that Node brings. */
export const builtInFetch = streams(async (url, take) => {
  const line = openaiLine(take)
  const { body } = await fetch(url, { method: 'POST', headers: HEADERS, body: BODY })
  const decoder = new TextDecoder()
  let rest = ''
  // Its type leaves open what a chunk is; of a body, it is bytes.
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const each of lines) line(each)
  }
})

/** How cheap text can be had: no JSON is parsed but a string with an escape in it. Anything but plain text breaks it. */
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

/** What receiving costs: nothing is read out of the bytes. The source says how many there are. */
export const bytes: Read = async (url) => {
  const { body, headers } = await request(url, { method: 'POST', headers: HEADERS, body: BODY })
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) size += chunk.length
  if (size !== Number(headers['x-body-bytes'])) throw new Error(`${size} bytes of ${String(headers['x-body-bytes'])}`)
}
