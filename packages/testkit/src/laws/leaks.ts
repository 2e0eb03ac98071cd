import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import type { ChatEvent } from '@rivulet/core'
import { providerAt } from '../ask.ts'
import type { Script } from '../exchange.ts'
import { openPart } from '../fixtures.ts'
import { answering, headOf, pieceOf, writing } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { turns, within } from '../reading.ts'

/** What one stream leaves behind is seen exactly, so a sample needs a few of each kind: left or aborted, five kinds of answers. */
const IN_TURN = { thorough: 1_000, sample: 40 }
const AT_ONCE = { thorough: 200, sample: 20 }

/** A stream that is silent for this many turns of the event loop has nothing more to send. */
const QUIET_TURNS = 60

/** How many timers and sockets keep this process alive. */
function resources(): { timers: number; sockets: number } {
  const all = process.getActiveResourcesInfo()
  const count = (name: string): number => all.filter((resource) => resource === name).length
  return { timers: count('Timeout'), sockets: count('TCPSocketWrap') }
}

/** Every kind of answer, in turn: whole, in two framings; broken off; an error; and one that stops in the middle. */
function kinds({ subject: { answers } }: LawContext): Script {
  // Node's fetch keeps a timer for each idle connection, for as long as the server allows and at most 4 s.
  const text = { ...answers.text, headers: { 'keep-alive': 'timeout=3' } }
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

/** The read, or `undefined` when there is none in many turns. They end with the read: a stream has many. */
async function readOrSilence<T>(pending: Promise<T>): Promise<T | undefined> {
  let hasCome = false
  const come = (): void => {
    hasCome = true
  }
  pending.then(come, come)
  const silence = async (): Promise<undefined> => {
    for (let at = 0; at < QUIET_TURNS && !hasCome; at++) await turns(1)
  }
  return await Promise.race([pending, silence()])
}

/** Reads a stream until it ends, breaks or falls silent; a silent one is left, or aborted. */
async function useOnce(stream: AsyncIterable<ChatEvent>, abort: (() => void) | undefined): Promise<void> {
  const events = stream[Symbol.asyncIterator]()
  try {
    for (;;) {
      const pending = events.next()
      const read = await readOrSilence(pending)
      if (read?.done === true) return
      if (read !== undefined) continue
      if (abort === undefined) await events.return?.()
      else abort()
      await pending
      return
    }
  } catch {
    // Broken and aborted streams reject. Here, only what they leave behind counts.
  }
}

/** Waits until it is so: a resource takes a few turns of the event loop to go. */
async function until(context: LawContext, what: string, isSo: () => boolean): Promise<void> {
  const becoming = async (): Promise<void> => {
    while (!isSo()) await turns(5)
  }
  await within(context.patienceMs, what, becoming())
}

export const leaks: readonly Law[] = [
  {
    name: 'streams leave no listener, timer or socket behind, one after another and at once',
    rows: [27],
    async run(context) {
      const amount = context.thorough ? 'thorough' : 'sample'
      const before = resources()
      const { signal } = new AbortController()
      const aborted: AbortSignal[] = []
      const play = context.server.play(kinds(context))
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
        until(context, "listeners left on the callers' signals", () => listeners() === 0)
      for (let at = 0; at < IN_TURN[amount]; at++) await use(at)
      await noListeners()
      await Promise.all(Array.from({ length: AT_ONCE[amount] }, (_, at) => use(at)))
      await noListeners()
      // A transport may keep idle connections for the next request; when the server closes them, they go.
      const kept = context.server.connections.filter(({ isClosed }) => !isClosed).length
      for (const connection of context.server.connections) connection.destroy()
      await until(
        context,
        `sockets left, ${kept} of them idle connections`,
        () => resources().sockets <= before.sockets,
      )
      await until(context, 'timers left', () => resources().timers <= before.timers)
      assert.ok(kept <= AT_ONCE[amount], `${kept} connections were left open`)
      return `${IN_TURN[amount]} in turn and ${AT_ONCE[amount]} at once; ${kept} idle connections kept, nothing left`
    },
  },
]
