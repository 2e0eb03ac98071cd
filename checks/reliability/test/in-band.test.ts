import { type AttemptReport, ChatError, type ChatEvent, type ChatRequest, collect } from '@rivulet/core'
import { failover, type GroupOptions } from '@rivulet/router'
import { type Fault, simulator, type Simulator } from '@rivulet/simulator'
import { describe, expect, it } from 'vitest'
import { DIALECTS, PREFILLING, type Spoken } from './support/dialects.ts'

/** Failures with status 200 before any content, and the code in the report of the first member's attempt. */
const BEFORE: [string, Fault, ChatError['code']][] = [
  ['an HTML page', { kind: 'html-200' }, 'malformed'],
  [
    'a login page with the content type of an answer',
    { kind: 'html-200', contentType: 'text/event-stream' },
    'malformed',
  ],
  ['an empty body', { kind: 'empty-200' }, 'malformed'],
  ['a JSON error body', { kind: 'json-error-200' }, 'overloaded'],
  ['an error in place of the first token', { kind: 'error-first' }, 'overloaded'],
  ['the end mark and no content', { kind: 'empty-answer' }, 'malformed'],
  ['bytes that are not an answer', { kind: 'garbage' }, 'malformed'],
]

/** The answer of every dialect and model. */
const WORDS = 'The river runs to the sea, and all of its stones are numbered: 1, 2, 3, 4, 5, 6, 7, 8, 9 and 10.'
const REQUEST: ChatRequest = { model: 'any', messages: [{ role: 'user', content: `echo ${WORDS}` }] }

interface Pair extends AsyncDisposable {
  faulty: Simulator
  healthy: Simulator
  read: (onBreak?: GroupOptions['onBreak']) => Promise<Seen>
}

interface Seen {
  events: ChatEvent[]
  text: string
  error: unknown
  reports: AttemptReport[]
}

/** A member with a fault, and a healthy one after it. */
async function pair(spoken: Spoken, fault: Fault, next: Spoken = spoken): Promise<Pair> {
  const faulty = await simulator()
  const healthy = await simulator({ lenient: true })
  faulty.fault(spoken.dialect, fault)
  if (spoken.variant !== undefined) faulty.variant('gravityengine', spoken.variant)
  if (next.variant !== undefined) healthy.variant('gravityengine', next.variant)
  const members = [spoken.member(faulty), next.member(healthy)]
  return {
    faulty,
    healthy,
    async read(onBreak = 'fail') {
      const seen: Seen = { events: [], text: '', error: undefined, reports: [] }
      const onAttempt = (report: AttemptReport): void => void seen.reports.push(report)
      try {
        for await (const event of failover(members, { onBreak }).stream(REQUEST, { onAttempt })) {
          seen.events.push(event)
          if (event.type === 'text') seen.text += event.text
          if (event.type === 'restart') seen.text = ''
        }
      } catch (error) {
        seen.error = error
      }
      return seen
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([faulty.close(), healthy.close()])
    },
  }
}

/** The requests that a member got, as JSON. */
const bodies = (sim: Simulator): string[] => sim.requests.map(({ bodyText }) => bodyText)

describe.each(DIALECTS)('$name: a failure inside a success reaches the next member', (spoken) => {
  it.each(BEFORE)('%s', async (_, fault, code) => {
    await using made = await pair(spoken, fault)
    const { events, text, error, reports } = await made.read()
    expect(error).toBeUndefined()
    expect(text).toBe(WORDS)
    // The reader sees nothing of the first member.
    expect(events.filter(({ type }) => type === 'start')).toHaveLength(1)
    expect(reports).toMatchObject([{ outcome: 'failed', error: { code } }, { outcome: 'answered' }])
    expect(reports[0]?.firstTokenMs).toBeUndefined()
    expect(made.faulty.requests).toMatchObject([{ fault: fault.kind }])
    // The next member got the same request, once.
    expect(bodies(made.healthy)).toEqual(bodies(made.faulty))
    expect(made.healthy.requests).toMatchObject([{ status: 200, answer: WORDS, answerTaken: true }])
  })
})

const STREAMED = DIALECTS.filter(({ variant }) => variant !== 'json')
const MID: Fault = { kind: 'error-mid-stream', afterEvents: 5 }

describe.each(STREAMED)('$name: an error after content', (spoken) => {
  it("with onBreak 'fail' reaches the reader, with the partial text, and no other member is called", async () => {
    await using made = await pair(spoken, MID, PREFILLING)
    const { error, text } = await made.read('fail')
    expect(error).toBeInstanceOf(ChatError)
    expect(error).toMatchObject({ code: 'overloaded', partial: { text } })
    expect(text.length).toBeGreaterThan(0)
    expect(WORDS.startsWith(text)).toBe(true)
    expect(made.healthy.requests).toHaveLength(0)
  })

  it("with 'restart' becomes an event, and the next member gives the whole answer", async () => {
    await using made = await pair(spoken, MID, PREFILLING)
    const { error, text, events } = await made.read('restart')
    expect(error).toBeUndefined()
    expect(text).toBe(WORDS)
    expect(events.filter(({ type }) => type === 'restart' || type === 'resume')).toMatchObject([
      { type: 'restart', reason: 'overloaded' },
    ])
    expect(made.healthy.requests).toMatchObject([{ answer: WORDS, body: { messages: [{ role: 'user' }] } }])
  })

  it("with 'continue' becomes an event, and the next member gives only the rest", async () => {
    await using made = await pair(spoken, MID, PREFILLING)
    const { error, text, events } = await made.read('continue')
    expect(error).toBeUndefined()
    expect(text).toBe(WORDS)
    const resumed = events.findIndex(({ type }) => type === 'resume')
    const before = events.slice(0, resumed).map((event) => (event.type === 'text' ? event.text : ''))
    const begun = before.join('')
    expect(begun.length).toBeGreaterThan(0)
    expect(made.healthy.requests).toMatchObject([
      {
        // The request has the partial text without its trailing white space; the answer is the rest.
        body: { messages: [{ role: 'user' }, { role: 'assistant', content: begun.trimEnd() }] },
        answer: WORDS.slice(begun.trimEnd().length),
      },
    ])
  })
})

it('a member that denies its model is retried by its own provider before the next member is called', async () => {
  const spoken = DIALECTS.find(({ name }) => name === 'lockchat') ?? PREFILLING
  await using made = await pair(spoken, { kind: 'model-missing' })
  const { text, reports } = await made.read()
  expect(text).toBe(WORDS)
  expect(reports.filter(({ outcome }) => outcome === 'failed').at(-1)).toMatchObject({ error: { code: 'not-found' } })
  expect(made.faulty.requests).toHaveLength(3)
  expect(made.healthy.requests).toHaveLength(1)
})

it('when every member fails with status 200, the error lists each with its own failure', async () => {
  await using sim = await simulator()
  const spoken = DIALECTS.filter(({ variant }) => variant === undefined)
  for (const { dialect } of spoken) sim.fault(dialect, 'html-200')
  const answer = collect(failover(spoken.map(({ member }) => member(sim))).stream(REQUEST))
  await expect(answer).rejects.toMatchObject({
    code: 'exhausted',
    attempts: spoken.map(() => ({ code: 'malformed', message: expect.stringContaining('Sign in') as unknown })),
  })
  expect(sim.requests).toHaveLength(spoken.length)
})
