import assert from 'node:assert/strict'
import type { ErrorCode } from '@rivulet/core'
import { bareProviderAt } from '../ask.ts'
import type { Play } from '../byte-server.ts'
import { noEmptyAnswer } from '../exemptions.ts'
import { codesOf, type Failure, failures } from '../failures.ts'
import { comesInParts } from '../fixtures.ts'
import { answering } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { ManualClock } from '@rivulet/core/provider'
import { chatErrorOf, eventsOf, readAll, type Reading, resultOf, turns, within } from '../reading.ts'
import { deadUrl } from './connecting.ts'

/** Long enough for the wait for the body of an error, which is not a deadline. */
const LIMITS = { connectMs: 4_000, firstTokenMs: 4_000, idleMs: 4_000, totalMs: 5_000 }

/** Errors that the next member would give too. */
const FINAL: readonly ErrorCode[] = ['bad-request', 'content-filter']

interface Run {
  reading: Reading
  bad: Play
  good: Play
}

/** Asks a group of a member that fails and a member that answers. Time passes after the first has sent what it has to send. */
async function askGroup(context: LawContext, failure: Failure): Promise<Run> {
  const { server, subject, patienceMs } = context
  const clock = new ManualClock()
  const { promise: sent, resolve } = Promise.withResolvers<undefined>()
  const script = failure.script(subject)
  const bad = server.play((exchange) => {
    // By then, an endless script too has sent what matters.
    void Promise.race([Promise.resolve(script(exchange)), turns(200)]).then(() => {
      resolve(undefined)
    })
  })
  const good = server.play(answering(subject.answers.text))
  const options = { deadlines: { ...LIMITS, clock } }
  const members = [failure.unreachable === true ? await deadUrl() : bad.baseUrl, good.baseUrl].map((url) =>
    bareProviderAt(context, url, options),
  )
  assert.ok(subject.group)
  const reading = readAll(subject.group(members).stream(subject.request))
  const { silent } = failure
  if (silent !== undefined && silent !== false) {
    await within(patienceMs, failure.name, sent)
    await turns(20)
    await clock.advance(silent === true ? LIMITS.totalMs : silent)
  }
  const done = { reading: await within(patienceMs, failure.name, reading), bad, good }
  assert.equal(clock.pending, 0, 'pending timers')
  return done
}

async function expectClosed({ patienceMs }: LawContext, { bad }: Run, what: string): Promise<void> {
  const [exchange] = bad.exchanges
  // A connection that the server closed, or whose answer was read to its end, needs no closing.
  if (exchange === undefined || exchange.isClosed) return
  await within(patienceMs, `${what}: closing the connection`, exchange.closed)
}

/** Failures that leave the connection open, silent or still sending: the client has to close it. */
const isOpen = ({ silent, rows }: Failure): boolean =>
  (silent ?? false) !== false || rows.includes(14) || rows.includes(15)

function law(failure: Failure): Law {
  const { name } = failure
  return {
    name: `in a group: ${name}`,
    rows: failure.rows,
    ofGroups: true,
    exempts: (subject) => (subject.group === undefined ? 'it is tried without a group' : failure.exempts?.(subject)),
    async run(context) {
      const { answers } = context.subject
      const run = await askGroup(context, failure)
      const { reading, bad, good } = run
      if (failure.unreachable !== true) assert.equal(bad.exchanges.length, 1, 'requests to the first member')
      if (isOpen(failure)) await expectClosed(context, run, name)
      const types = reading.events.map(({ type }) => type)
      const delivers = failure.afterContent === true && comesInParts(answers.text)
      const codes = codesOf(failure, context.subject)
      if (delivers || (failure.ofMember !== true && codes.some((code) => FINAL.includes(code)))) {
        const error = chatErrorOf(reading, name)
        assert.ok(codes.includes(error.code), `${name}: got ${error.code}: ${error.message}`)
        assert.equal(good.exchanges.length, 0, 'requests to the next member')
        if (!delivers) return `${error.code}: the next member would give the same`
        assert.ok(types.length > 1, 'the content was not delivered')
        assert.deepEqual(error.partial?.text, resultOf(reading.events).text, 'error.partial is not what was delivered')
        return `${error.code}, with the content so far`
      }
      const events = eventsOf(reading, name)
      assert.equal(good.exchanges.length, 1, 'requests to the next member')
      assert.equal(resultOf(events).text, answers.text.text ?? '', 'the answer of the next member')
      assert.equal(types.filter((type) => type === 'start').length, 1, 'start events')
      assert.ok(!types.includes('restart'), 'a restart was announced although nothing had been delivered')
      return 'the next member answers, and the caller sees no failure'
    },
  }
}

const empty: Failure = {
  name: 'an empty answer',
  rows: [22],
  codes: ['malformed'],
  exempts: noEmptyAnswer,
  script: ({ answers }) => answering(answers.empty ?? answers.text),
}

export const groups: readonly Law[] = [...failures, empty].map(law)
