import assert from 'node:assert/strict'
import { isContent } from '@rivulet/core/provider'
import { ask, askAndRead } from '../ask.ts'
import type { Exchange, Script } from '../exchange.ts'
import { isRaw } from '../exemptions.ts'
import { type AnswerFixture, comesInParts, contentBlock, endlessFrame, isSse } from '../fixtures.ts'
import { headOf, pieceOf } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { chatErrorOf, turns, within } from '../reading.ts'

const MIB = 1024 * 1024
/** The kernel's buffers on both sides (some 10 MiB on loopback), and what a transport reads ahead. */
const HELD_BYTES = 24 * MIB
const FLOOD_BYTES = HELD_BYTES + 8 * MIB
/** The default bound of a frame is 16 MiB. */
const LINE_BYTES = 48 * MIB
/**
 * When no byte leaves in this many turns of the event loop, the sender has been stopped. Turns and not milliseconds: a
 * client that reads does so in each turn, while on a busy machine a millisecond means nothing.
 */
const STALL_TURNS = 150

/** Sends the head, then the block again and again, as fast as the client reads. */
function flooding(head: Uint8Array, block: Uint8Array, bytes: number): Script {
  return async (exchange) => {
    await exchange.write(head)
    while (exchange.bytesSent < bytes && (await exchange.write(block)));
  }
}

/**
 * Content, and then a line that a decoder skips: a comment or white space. What stops a sender is how many bytes nobody reads; only
 * the time that a test takes depends on how many events they are.
 */
function sparseBlock(text: AnswerFixture): Uint8Array {
  const filler = `${isSse(text) ? ':' : ''}${' '.repeat(64 * 1024)}\n`
  return Buffer.concat([contentBlock(text, 1), Buffer.from(filler)])
}

/** How many bytes had left when no more did, or when they were too many. */
async function stalledAt(exchange: Exchange): Promise<number> {
  for (let before = -1; before !== exchange.bytesSent && before < HELD_BYTES;) {
    before = exchange.bytesSent
    await turns(STALL_TURNS)
  }
  return exchange.bytesSent
}

export const floods: readonly Law[] = [
  {
    name: 'a reader that stops reading slows the sender down',
    rows: [25],
    exempts: ({ answers: { text } }) =>
      comesInParts(text) ? undefined : 'its answer is one document, which is read whole, up to the bound of row 15',
    async run(context) {
      const { text } = context.subject.answers
      const block = pieceOf(sparseBlock(text), 'chunked')
      const script = flooding(headOf(text, 'chunked'), block, FLOOD_BYTES)
      const { play, stream } = ask(context, script)
      const events = stream[Symbol.asyncIterator]()
      const readOne = () => within(context.patienceMs, 'reading', events.next())
      for (let read = await readOne(); read.done !== true && !isContent(read.value); read = await readOne());
      const exchange = await play.first
      const sent = await stalledAt(exchange)
      assert.ok(sent < HELD_BYTES, `${sent} bytes were read although the caller does not read`)
      // When the caller reads again, the sender goes on.
      while (exchange.bytesSent === sent) await readOne()
      await events.return?.()
      await within(context.patienceMs, 'closing the connection', exchange.closed)
      return `the sender stopped after ${(sent / MIB).toFixed(1)} MiB`
    },
  },
  {
    name: 'an endless line or document is malformed at a bound, and the connection is closed',
    rows: [15],
    exempts: isRaw,
    async run(context) {
      const { text } = context.subject.answers
      const line = Buffer.concat([endlessFrame(text), Buffer.alloc(MIB, 'x')])
      const first = Buffer.concat([headOf(text, 'chunked'), pieceOf(line, 'chunked')])
      const script = flooding(first, pieceOf(Buffer.alloc(MIB, 'x'), 'chunked'), LINE_BYTES)
      const read = await askAndRead(context, 'an endless line', script)
      assert.equal(chatErrorOf(read, 'an endless line').code, 'malformed')
      const exchange = await read.play.first
      await within(context.patienceMs, 'closing the connection', exchange.closed)
      assert.ok(exchange.bytesSent < LINE_BYTES, `${exchange.bytesSent} bytes were read`)
      return `closed after ${(exchange.bytesSent / MIB).toFixed(1)} MiB`
    },
  },
]
