import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import type { ChatEvent } from '@rivulet/core'
import { providerAt } from '../ask.ts'
import type { Script } from '../exchange.ts'
import { openPart } from '../fixtures.ts'
import { answering, headOf, pieceOf, writing } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { turns, within } from '../reading.ts'

const IN_TURN = { thorough: 1_000, sample: 120 }
const AT_ONCE = { thorough: 200, sample: 40 }

/** A stream that says nothing for so many turns of the event loop has nothing more to say. */
const QUIET_TURNS = 60

/** Timers and sockets that keep this process alive. */
function resources(): { timers: number; sockets: number } {
  const all = process.getActiveResourcesInfo()
  const count = (name: string): number => all.filter((resource) => resource === name).length
  return { timers: count('Timeout'), sockets: count('TCPSocketWrap') }
}

/** Answers of every fate, in turn: whole, broken, whole and open behind its end, and one that its reader leaves. */
function fates({ subject: { answers } }: LawContext): Script {
  const { text } = answers
  const part = pieceOf(openPart(text), 'chunked')
  const scripts: Script[] = [
    answering(text, 'length'),
    answering(text, 'chunked'),
    writing([headOf(text, 'chunked'), part], 'reset'),
    answering({ ...text, status: 503 }, 'length'),
    writing([headOf(text, 'chunked'), part]),
  ]
  let at = 0
  return (exchange) => scripts[at++ % scripts.length]?.(exchange)
}

/** One stream, read until it ends, breaks, or has nothing more to say: then its reader leaves, or aborts. */
async function useOnce(stream: AsyncIterable<ChatEvent>, abort: (() => void) | undefined): Promise<void> {
  const events = stream[Symbol.asyncIterator]()
  try {
    for (;;) {
      const pending = events.next()
      const read = await Promise.race([pending, turns(QUIET_TURNS)])
      if (read?.done === true) return
      if (read !== undefined) continue
      if (abort === undefined) await events.return?.()
      else abort()
      await pending
      return
    }
  } catch {
    // Broken and aborted streams reject: what they leave behind is what counts here.
  }
}

/** Waits until it is so: what is on its way out of the event loop takes a few turns of it. */
async function until(context: LawContext, what: string, isSo: () => boolean): Promise<void> {
  const becoming = async (): Promise<void> => {
    while (!isSo()) await turns(5)
  }
  await within(context.patienceMs, what, becoming())
}

export const leaks: readonly Law[] = [
  {
    name: 'streams leave nothing behind, one after another and at once: no listener, no timer, no socket',
    rows: [27],
    async run(context) {
      const amount = context.thorough ? 'thorough' : 'sample'
      const before = resources()
      const { signal } = new AbortController()
      const aborted: AbortSignal[] = []
      const play = context.server.play(fates(context))
      const provider = providerAt(context, play.baseUrl)
      const use = async (at: number): Promise<void> => {
        const own = new AbortController()
        const aborts = at % 2 === 0
        if (aborts) aborted.push(own.signal)
        const stream = provider.stream(context.subject.request, { signal: aborts ? own.signal : signal })
        const abort = (): void => {
          own.abort()
        }
        await within(context.patienceMs, `stream ${at}`, useOnce(stream, aborts ? abort : undefined))
      }
      const listeners = (): number =>
        [signal, ...aborted].reduce((sum, each) => sum + getEventListeners(each, 'abort').length, 0)
      const noListeners = (): Promise<void> =>
        until(context, 'listeners that are left on the signals of the callers', () => listeners() === 0)
      for (let at = 0; at < IN_TURN[amount]; at++) await use(at)
      await noListeners()
      await Promise.all(Array.from({ length: AT_ONCE[amount] }, (_, at) => use(at)))
      await noListeners()
      // What the transport keeps for the next request it may keep; it is let go when the server closes it.
      const kept = context.server.connections.filter(({ isClosed }) => !isClosed).length
      for (const connection of context.server.connections) connection.destroy()
      await until(context, `sockets that are left, of ${kept} kept`, () => resources().sockets <= before.sockets)
      await until(context, 'timers that are left', () => resources().timers <= before.timers)
      assert.ok(kept <= AT_ONCE[amount], `${kept} connections were left open`)
      return `${IN_TURN[amount]} in turn and ${AT_ONCE[amount]} at once; ${kept} idle connections kept, nothing left`
    },
  },
]
