import { request } from 'undici'

/** The request of every plain loop. */
export const BODY = JSON.stringify({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }], stream: true })
export const HEADERS = { 'content-type': 'application/json' }

/** The lines of an answer by undici's `request`, as every floor reads them. No deadlines, no errors, no abort. */
export async function eachLine(baseUrl: string, line: (line: string) => void): Promise<void> {
  const { body } = await request(baseUrl, { method: 'POST', headers: HEADERS, body: BODY })
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const each of lines) line(each)
  }
}
