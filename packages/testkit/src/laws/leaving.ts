import assert from 'node:assert/strict'
import type { ChatEvent } from '@rivulet/core'
import { isContent } from '@rivulet/core/provider'
import { ask } from '../ask.ts'
import { isDocument } from '../exemptions.ts'
import { openPart } from '../fixtures.ts'
import { headOf, pieceOf, writing } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { turns, within } from '../reading.ts'

type Leave = (stream: AsyncIterable<ChatEvent>, sent: Promise<unknown>) => Promise<void>

/**
 * Reads an answer that stops in the middle, leaves it there, and expects a closed connection.
 *
 * @param leave Is given a promise that resolves when the server has sent what it has to send.
 */
function law(how: string, leave: Leave, exempts: Law['exempts'] = isDocument): Law {
  return {
    name: `a reader that leaves closes the connection: ${how}`,
    rows: [24],
    exempts,
    async run(context: LawContext) {
      const { text } = context.subject.answers
      const { promise: sent, resolve } = Promise.withResolvers<undefined>()
      const send = writing([headOf(text, 'chunked'), pieceOf(openPart(text), 'chunked')])
      const { play, stream } = ask(context, async (exchange) => {
        await send(exchange)
        resolve(undefined)
      })
      await within(context.patienceMs, how, leave(stream, sent))
      const exchange = await within(context.patienceMs, `${how}: asking`, play.first)
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
  law(
    'return() while a read is pending',
    async (stream, sent) => {
      const events = stream[Symbol.asyncIterator]()
      let pending = events.next()
      await sent
      while ((await Promise.race([pending, turns(40)])) !== undefined) pending = events.next()
      await events.return?.()
      const last = await pending
      assert.equal(last.done, true, 'the read that was pending')
    },
    () => undefined,
  ),
]
