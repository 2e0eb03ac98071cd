import { createParser } from 'eventsource-parser'
import { request } from 'undici'

/** The parser does no I/O: undici's `request` fetches the bytes, as for the floor. */
export async function read(baseUrl, take) {
  const body = JSON.stringify({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }], stream: true })
  const headers = { 'content-type': 'application/json' }
  const response = await request(`${baseUrl}/chat/completions`, { method: 'POST', headers, body })
  const decoder = new TextDecoder()
  const parser = createParser({
    onEvent({ data }) {
      if (data === '[DONE]') return
      const text = JSON.parse(data).choices[0]?.delta.content
      if (text) take(text)
    },
  })
  for await (const chunk of response.body) parser.feed(decoder.decode(chunk, { stream: true }))
}
