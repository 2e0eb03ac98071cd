import assert from 'node:assert/strict'
import { type CallOptions, type ChatEvent, partialOf } from '@rivulet/core'
import { isContent } from '@rivulet/core/provider'
import { ask, providerAt } from '../ask.ts'
import { isDocument } from '../exemptions.ts'
import type { Exchange, Script } from '../exchange.ts'
import { openPart } from '../fixtures.ts'
import { answering, headOf, pieceOf, writing } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { turns, within } from '../reading.ts'

/** Turns of the event loop in which whatever must not happen would have happened. */
const TICK_TURNS = 10

/** A reason that is not an `Error`: one that was wrapped or replaced can't pass for it. */
const reasonOf = (moment: string): object => ({ theCallerLeft: moment })

/** What a read rejects with. A read that resolves, or that does not settle within a tick, fails the law. */
async function rejection(read: Promise<unknown>, what: string): Promise<unknown> {
  const outcome = read.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  const settled = await Promise.race([outcome, turns(1)])
  assert.ok(settled !== undefined, `${what}: the read did not settle within a tick`)
  assert.ok('error' in settled, `${what}: the read did not reject but resolved with ${JSON.stringify(settled)}`)
  return settled.error
}

/** A pending read, in an object because promises do not nest. Without one, the read is made after the abort. */
interface Moment {
  pending?: Promise<unknown> | undefined
}

/** Reaches the moment, aborts, and expects the reason itself and a closed connection. */
async function abortAt(
  context: LawContext,
  name: string,
  script: Script,
  reach: (events: AsyncIterator<ChatEvent>, first: Promise<Exchange>) => Promise<Moment>,
  hasContent = false,
): Promise<string> {
  const caller = new AbortController()
  const { play, stream } = ask(context, script, { call: { signal: caller.signal } })
  const events = stream[Symbol.asyncIterator]()
  const reason = reasonOf(name)
  const { pending } = await within(context.patienceMs, name, reach(events, play.first))
  caller.abort(reason)
  assert.equal(await rejection(pending ?? events.next(), name), reason, `${name}: not the caller's own reason`)
  if (hasContent) expectPartial(reason, name)
  else assert.equal(partialOf(reason), undefined, `${name}: partialOf() gives content that had not arrived`)
  const exchange = await play.first
  await within(context.patienceMs, `${name}: closing the connection`, exchange.closed)
  const after = await within(context.patienceMs, `${name}: the next read`, events.next())
  assert.equal(after.done, true, `${name}: the read after the rejection`)
  return 'rejected with the reason, connection closed'
}

/** Starts a read. Its rejection is looked at later. */
function begin(events: AsyncIterator<ChatEvent>): Promise<unknown> {
  const pending = events.next()
  pending.catch(() => undefined)
  return pending
}

async function readContent(events: AsyncIterator<ChatEvent>): Promise<void> {
  for (let read = await events.next(); ; read = await events.next()) {
    assert.ok(read.done !== true, 'the answer ended before it had content')
    if (isContent(read.value)) return
  }
}

/** Reads until a read stays pending, and leaves it so. */
async function readUntilQuiet(events: AsyncIterator<ChatEvent>): Promise<Moment> {
  for (let hasContent = false; ;) {
    const pending = events.next()
    pending.catch(() => undefined)
    const settled = await Promise.race([pending, turns(4 * TICK_TURNS)])
    if (settled === undefined && hasContent) return { pending }
    const read = await pending
    assert.ok(read.done !== true, 'the answer ended before it had content')
    hasContent ||= isContent(read.value)
  }
}

/** The content that had arrived is kept beside the caller's reason. */
function expectPartial(reason: object, name: string): void {
  assert.ok((partialOf(reason)?.text ?? '') !== '', `${name}: partialOf() does not give the content that had arrived`)
}

/** Some content, then silence. */
function halfAnswer({ subject }: LawContext): Script {
  const { text } = subject.answers
  return writing([headOf(text, 'chunked'), pieceOf(openPart(text), 'chunked')])
}

const law = (
  moment: string,
  run: (context: LawContext, moment: string) => Promise<string>,
  exempts: Law['exempts'] = () => undefined,
): Law => ({
  name: `an abort rejects with the caller's own reason and closes the connection: ${moment}`,
  rows: [23],
  exempts,
  run: (context) => run(context, moment),
})

export const abort: readonly Law[] = [
  law('before dispatch', async (context, moment) => {
    const reason = reasonOf(moment)
    const signal = AbortSignal.abort(reason)
    const { stream } = ask(context, answering(context.subject.answers.text), { call: { signal } })
    const read = stream[Symbol.asyncIterator]().next()
    assert.equal(await rejection(read, moment), reason)
    await turns(TICK_TURNS)
    assert.equal(context.server.connections.length, 0, 'connections that were opened nevertheless')
    return 'rejected with the reason, nothing sent'
  }),
  law('while connecting', async (context, moment) => {
    // TLS to a server that stays silent: there is a socket, but no connection yet.
    const provider = providerAt(context, context.server.url.replace('http:', 'https:'))
    const caller = new AbortController()
    const call: CallOptions = { signal: caller.signal }
    const read = provider.stream(context.subject.request, call)[Symbol.asyncIterator]().next()
    read.catch(() => undefined)
    const { connections } = context.server
    const opened = async (): Promise<void> => {
      while (connections.length === 0) await turns(1)
    }
    await within(context.patienceMs, 'opening a connection', opened())
    const reason = reasonOf(moment)
    caller.abort(reason)
    assert.equal(await rejection(read, moment), reason)
    const closed = await Promise.race([connections[0]?.closed.then(() => true), turns(4 * TICK_TURNS)])
    // A connection without a request may be left to the transport's pool: some transports have no other choice.
    return `rejected with the reason, ${closed === true ? 'socket closed' : 'socket left to the transport'}`
  }),
  law('before the response head', (context, moment) => {
    const silent: Script = () => undefined
    return abortAt(context, moment, silent, async (events, first) => {
      const pending = begin(events)
      await first
      return { pending }
    })
  }),
  law('before the first token', (context, moment) => {
    const { promise: headSent, resolve } = Promise.withResolvers<undefined>()
    const script: Script = async (exchange) => {
      await exchange.write(headOf(context.subject.answers.text, 'chunked'))
      resolve(undefined)
    }
    return abortAt(context, moment, script, async (events) => {
      const pending = begin(events)
      await headSent
      await turns(TICK_TURNS)
      return { pending }
    })
  }),
  law(
    'in the middle of the answer, with events ready',
    (context, moment) =>
      abortAt(context, moment, halfAnswer(context), async (events) => (await readContent(events), {}), true),
    isDocument,
  ),
  law(
    'in the middle of the answer, while waiting for more',
    (context, moment) => abortAt(context, moment, halfAnswer(context), (events) => readUntilQuiet(events), true),
    isDocument,
  ),
  law('after the end', async (context, moment) => {
    const caller = new AbortController()
    const { stream } = ask(context, answering(context.subject.answers.text), { call: { signal: caller.signal } })
    const events = stream[Symbol.asyncIterator]()
    const readOne = () => within(context.patienceMs, moment, events.next())
    for (let read = await readOne(); read.done !== true; read = await readOne());
    caller.abort(reasonOf(moment))
    await turns(TICK_TURNS)
    assert.equal((await readOne()).done, true, `${moment}: the next read`)
    return 'nothing happened'
  }),
]
