import { chat, type ChatEvent, type Provider } from '@rivulet/core'
import { chatStream } from '@rivulet/core/provider'
import type { Work } from '../contender.ts'
import { wordAt } from '../wire/answers.ts'

/** The cost of a page that draws the answer so far after each chunk, each of which comes alone. */

/** Answers with a chunk for each read; the model's name is how many. */
const words: Provider = {
  id: 'words',
  info: { name: 'Words', url: '', auth: 'none', streaming: true, models: [], settings: [] },
  stream(request, call) {
    const chunks = Number(request.model)
    let at = -1
    const eventAt = (): ChatEvent => {
      if (at === 0) return { type: 'start', provider: 'words', model: request.model }
      return at > chunks ? { type: 'finish', reason: 'stop' } : { type: 'text', text: wordAt(at) }
    }
    return chatStream(call?.signal, () => ({
      next: () =>
        Promise.resolve(++at > chunks + 1 ? { done: true, value: undefined } : { done: false, value: [eventAt()] }),
      close: () => undefined,
    }))
  },
}

const { snapshots, text } = chat(words, { retry: false })

/** Draws what it is given, and looks at its end, as a page does that appends what is new. */
export const ours: Work = async ({ size, times }) => {
  let page = ''
  let drawn = 0
  for (let time = 0; time < times; time++) {
    for await (const snapshot of snapshots({ model: String(size), messages: [] })) {
      page = snapshot.text
      drawn += page.length
    }
  }
  return () => `${page.length}: ${drawn > 0}`
}

/** The same text, piece by piece, joined by the reader. */
export const floor: Work = async ({ size, times }) => {
  let page = ''
  let drawn = 0
  for (let time = 0; time < times; time++) {
    page = ''
    for await (const piece of text({ model: String(size), messages: [] })) {
      page += piece
      drawn += page.length
    }
  }
  return () => `${page.length}: ${drawn > 0}`
}
