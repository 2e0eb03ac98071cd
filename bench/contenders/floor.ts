import { request } from 'undici'
import type { Contender } from '../contender.ts'

/**
 * The floor: the plainest loop that reads an answer rightly. undici's `request`, lines, `JSON.parse` of each data line.
 * No deadlines, no errors, no abort, no end mark.
 */
export const floor: Contender = {
  name: 'undici request + lines + JSON.parse (the floor)',
  async run(url) {
    const { body } = await request(url, { method: 'POST', body: '{}' })
    const decoder = new TextDecoder()
    let rest = ''
    let characters = 0
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (!line.startsWith('data: ') || line === 'data: [DONE]') continue
        const parsed = JSON.parse(line.slice(6)) as { choices: [{ delta: { content?: string } }] }
        characters += parsed.choices[0].delta.content?.length ?? 0
      }
    }
    return characters
  },
}
