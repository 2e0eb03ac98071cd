import assert from 'node:assert/strict'
import { type ChatEvent, isContent } from '@rivulet/core'
import { ask } from '../asking.ts'
import { openPart } from '../fixtures.ts'
import { isDocument } from '../forms.ts'
import { headOf, pieceOf, writing } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { turns, within } from '../reading.ts'

/** Reads to the first content of an answer that then says nothing more, leaves it there, and expects a closed connection. */
function law(how: string, leave: (stream: AsyncIterable<ChatEvent>) => Promise<void>): Law {
  return {
    name: `a reader that leaves closes the connection: ${how}`,
    rows: [24],
    exempts: isDocument,
    async run(context: LawContext) {
      const { text } = context.subject.answers
      const { play, stream } = ask(context, writing([headOf(text, 'chunked'), pieceOf(openPart(text), 'chunked')]))
      await within(context.patienceMs, how, leave(stream))
      const exchange = await play.first
      await within(context.patienceMs, `${how}: closing the connection`, exchange.closed)
      return 'connection closed'
    },
  }
}

async function loop(stream: AsyncIterable<ChatEvent>, atContent: () => 'break' | 'return'): Promise<void> {
  for await (const event of stream) {
    if (!isContent(event)) continue
    if (atContent() === 'break') break
    return
  }
}

export const leaving: readonly Law[] = [
  law('break', (stream) => loop(stream, () => 'break')),
  law('return', (stream) => loop(stream, () => 'return')),
  law('throw', async (stream) => {
    const mistake = new Error('a mistake in the loop')
    const left = loop(stream, () => {
      throw mistake
    })
    await assert.rejects(left, (error) => error === mistake)
  }),
  law('return() while a read is waiting', async (stream) => {
    const events = stream[Symbol.asyncIterator]()
    for (let pending = events.next(); ; pending = events.next()) {
      const read = await Promise.race([pending, turns(40)])
      if (read !== undefined) continue
      await events.return?.()
      const last = await pending
      assert.equal(last.done, true, 'the read that was waiting')
      return
    }
  }),
]
