import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { isContent } from '@rivulet/core'
import { ask, askAndRead } from '../asking.ts'
import type { Exchange, Script } from '../exchange.ts'
import { contentBlock, isSse } from '../fixtures.ts'
import { isDocument } from '../forms.ts'
import { headOf, pieceOf } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { chatErrorOf, within } from '../reading.ts'

const MIB = 1024 * 1024
const FLOOD_BYTES = 64 * MIB
/** The kernel's buffers of both sides (some 10 MiB on loopback), and what a transport reads ahead. */
const HELD_BYTES = 24 * MIB
/** The bound of one frame is 16 MiB unless a framing is told otherwise. */
const LINE_BYTES = 48 * MIB
/** No byte left for this long: the sender has been slowed down. */
const STALL_MS = 60

/** Sends the head, then the block again and again, as fast as the client takes it. */
function flooding(head: Uint8Array, block: Uint8Array, bytes: number): Script {
  return async (exchange) => {
    await exchange.write(head)
    while (exchange.bytesSent < bytes && (await exchange.write(block)));
  }
}

/** How much had left when nothing more left. */
async function stalledAt(exchange: Exchange): Promise<number> {
  for (let before = -1; ;) {
    const sent = exchange.bytesSent
    if (sent === before) return sent
    before = sent
    await delay(STALL_MS)
  }
}

export const floods: readonly Law[] = [
  {
    name: 'a reader that stops reading slows the sender down',
    rows: [25],
    exempts: isDocument,
    async run(context) {
      const { text } = context.subject.answers
      const block = pieceOf(contentBlock(text, 64 * 1024), 'chunked')
      const script = flooding(headOf(text, 'chunked'), block, FLOOD_BYTES)
      const { play, stream } = ask(context, script)
      const events = stream[Symbol.asyncIterator]()
      const readOne = () => within(context.patienceMs, 'reading', events.next())
      for (let read = await readOne(); read.done !== true && !isContent(read.value); read = await readOne());
      const exchange = await play.first
      const sent = await stalledAt(exchange)
      assert.ok(sent < HELD_BYTES, `${sent} bytes were taken although nobody reads`)
      // Reading goes on, and so does the sender.
      while (exchange.bytesSent === sent) await readOne()
      await events.return?.()
      await within(context.patienceMs, 'closing the connection', exchange.closed)
      return `the sender stood still after ${(sent / MIB).toFixed(1)} MiB`
    },
  },
  {
    name: 'a line without end is malformed at a bound, and the connection is closed',
    rows: [15],
    exempts: ({ answers: { text } }) => (isSse(text) ? undefined : 'its answers are not cut into lines'),
    async run(context) {
      const { text } = context.subject.answers
      const line = Buffer.concat([Buffer.from('data: {"'), Buffer.alloc(MIB, 'x')])
      const first = Buffer.concat([headOf(text, 'chunked'), pieceOf(line, 'chunked')])
      const script = flooding(first, pieceOf(Buffer.alloc(MIB, 'x'), 'chunked'), LINE_BYTES)
      const read = await askAndRead(context, 'an endless line', script)
      assert.equal(chatErrorOf(read, 'an endless line').code, 'malformed')
      const exchange = await read.play.first
      await within(context.patienceMs, 'closing the connection', exchange.closed)
      assert.ok(exchange.bytesSent < LINE_BYTES, `${exchange.bytesSent} bytes were taken`)
      return `closed after ${(exchange.bytesSent / MIB).toFixed(1)} MiB`
    },
  },
]
