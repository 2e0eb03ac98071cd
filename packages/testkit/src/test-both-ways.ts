import assert from 'node:assert/strict'
import {
  ChatError,
  type ChatEvent,
  type ChatRequest,
  type ChatResult,
  type ErrorCode,
  type FinishReason,
  type Usage,
} from '@rivulet/core'
import {
  type AnswerWriter,
  CODES,
  codeOfStatus,
  type DecodedEvent,
  type Protocol,
  type ServerCall,
  type ServerProtocol,
} from '@rivulet/core/provider'
import { COMMON_ANSWERS, finish, START, text } from './both-ways/answers.ts'
import { cutsOf, framesOf, incoming } from './both-ways/wire.ts'
import { splitBytes } from './bytes.ts'
import { decoded, type Decoded } from './decoded.ts'
import { resultOf } from './reading.ts'
import type { Runner } from './test-provider.ts'

export interface TestBothWaysOptions {
  runner: Runner
  /** For people: `'Anthropic Messages'`. */
  name: string
  client: Protocol
  server: ServerProtocol
  /** Requests that the dialect carries without loss, by name, each with its own `client` where that differs. */
  requests: Readonly<Record<string, { request: ChatRequest; client?: Protocol | undefined }>>
  /** What a question asks for besides, so that its answer has everything: `{ reasoning: 'high' }` for thoughts. @default nothing */
  question?: Pick<ChatRequest, 'reasoning'> | undefined
  /** Answers that the dialect carries without loss, event by event, beside those that every dialect does. @default none */
  answers?: Readonly<Record<string, readonly ChatEvent[]>> | undefined
  /** The codes that the dialect has no word for, and the code that a client reads instead. @default none */
  errors?: Readonly<Partial<Record<ErrorCode, ErrorCode>>> | undefined
  /** Counts that an answer of the dialect always has: what is read of those that are not known. @default none */
  counts?: Partial<Usage> | undefined
  /**
   * Draws many answers and calls `holds` with each, which throws where the dialect changes its meaning; with fast-check,
   * `(holds) => fc.assert(fc.property(answers, holds))`. @default no answers
   */
  draw?: ((holds: (events: readonly ChatEvent[]) => void) => void) | undefined
}

const WORDS = 'these words'
const QUESTION: ChatRequest = { model: START.model, messages: [{ role: 'user', content: 'Hello' }] }
const IDENTITY = { id: START.id, created: 1_795_132_800, model: START.model }

/**
 * Tests both halves of a dialect against each other: the server reads the request that the client wrote, and the client
 * reads the events and the errors that the server wrote, in one piece or streamed, wherever the bytes are cut. No sockets.
 *
 * @example
 * testBothWays({
 *   runner: { describe, it },
 *   name: 'Acme',
 *   client: chatCompletions(),
 *   server: chatCompletionsServer(),
 *   requests: { 'a question': { request: { model: 'acme-1', messages: [{ role: 'user', content: 'Hello' }] } } },
 *   errors: { network: 'overloaded' },
 * })
 */
export function testBothWays(options: TestBothWaysOptions): void {
  const { runner, name, client, server, requests, errors = {}, draw } = options
  const { describe, it } = runner
  const question: ChatRequest = { ...QUESTION, ...options.question }
  /** What the client makes of an answer to a question. */
  const read = (pieces: readonly Uint8Array[] | string, stream = true): Decoded => {
    const { contentType } = writerOf(stream)
    const opened = client.open({ ...question, stream })
    return decoded(pieces, client.framing(contentType.split(';', 1)[0] ?? ''), (emit) => opened.decode(emit))
  }
  const callOf = (stream: boolean): ServerCall => server.read(incoming(client.open({ ...question, stream }).http))
  const writerOf = (stream: boolean): AnswerWriter => callOf(stream).answer(IDENTITY)
  const writeAll = (writer: AnswerWriter, events: readonly ChatEvent[]): string =>
    events.map((event) => writer.write([event])).join('')
  const write = (events: readonly ChatEvent[]): string => writeAll(writerOf(true), events)
  const writeDocument = (events: readonly ChatEvent[]): string => writeAll(writerOf(false), events)

  /** Events as they are read. */
  const counted = (events: readonly ChatEvent[]): readonly ChatEvent[] =>
    events.map((event) =>
      event.type === 'finish' && event.usage !== undefined
        ? { ...event, usage: { ...options.counts, ...event.usage } }
        : event,
    )

  describe(`${name}: a request is read as it was sent`, () => {
    for (const [what, { request, client: sender = client }] of Object.entries(requests)) {
      const sent = incoming(sender.open(request).http)
      it(`request: ${what}`, async () => {
        const { native: _native, ...read } = server.read(sent).request
        assert.deepEqual({ stream: true, ...read }, { stream: true, ...request })
      })
      it(`request, again to the same dialect: ${what}`, async () => {
        const { request: received } = server.read(sent)
        assert.equal(received.native?.dialect, server.dialect)
        const { http } = client.open(received)
        assert.equal(http.path, sender.open(request).http.path)
        assert.deepEqual(JSON.parse(incoming(http).body), JSON.parse(sent.body))
      })
    }
  })

  describe(`${name}: an answer is read as it was written`, () => {
    // Two lists and not one record: a name of the dialect's must not replace a common answer.
    for (const [what, events] of [COMMON_ANSWERS, options.answers ?? {}].flatMap((table) => Object.entries(table))) {
      const expected = { events: withoutProvider(counted(events)) }
      it(`stream: ${what}`, async () => {
        assert.deepEqual(read(write(events)), expected)
      })
      it(`stream, cut anywhere: ${what}`, async () => {
        for (const { cut, pieces } of cutsOf(write(events))) assert.deepEqual(read(pieces), expected, cut)
      })
      // A document has the content but not its cuts into events, so results are compared.
      const document = () => writeDocument(events)
      it(`document: ${what}`, async () => {
        assertMeans(read(document(), false), counted(events))
      })
      it(`document, cut anywhere: ${what}`, async () => {
        const uncut = read(document(), false)
        for (const { cut, pieces } of cutsOf(document())) {
          assert.deepEqual(read(pieces, false), uncut, cut)
        }
      })
    }

    if (draw !== undefined) {
      it('drawn answers keep their meaning', async () => {
        let seed = 0
        draw((events) => {
          const pieces = splitBytes(Buffer.from(write(events)), ++seed)
          assertMeans(read(pieces), counted(events))
        })
        assert.ok(seed > 0, 'draw: it called `holds` with no answer')
      })
    }

    for (const reason of ['stop', 'length', 'content-filter', 'other'] satisfies FinishReason[]) {
      it(`finish reason: ${reason}`, async () => {
        const { reason: found } = meaningOf(read(write([START, text('a'), finish(reason)])).events)
        // Some dialects have no word for `other`: to their clients it is an end.
        assert.equal(reason === 'other' && found === 'stop' ? 'other' : found, reason)
      })
    }
  })

  describe(`${name}: events of a group`, () => {
    const from = { from: 'acme', reason: 'overloaded', message: 'gone' } as const
    const secondStart: ChatEvent = { ...START, id: 'a2' }
    const rest = [text('b'), finish()]

    it('resume: the stream continues as one answer', async () => {
      const events = [START, text('a'), { type: 'resume', ...from } as const, secondStart, ...rest]
      assert.deepEqual(read(write(events)), { events: withoutProvider(counted([START, text('a'), ...rest])) })
    })
    it('restart before content: the stream is one answer', async () => {
      const events = [START, { type: 'restart', ...from } as const, secondStart, ...rest]
      assert.deepEqual(read(write(events)), { events: withoutProvider(counted([START, ...rest])) })
    })
    it('restart after content: the writer throws the reason', async () => {
      assert.throws(
        () => write([START, text('a'), { type: 'restart', ...from }]),
        (error) => error instanceof ChatError && error.code === from.reason,
      )
    })
    it('restart in one piece: the document is the second answer', async () => {
      const events = [START, text('a'), { type: 'restart', ...from } as const, START, ...rest]
      assertMeans(read(writeDocument(events), false), counted([START, ...rest]))
    })
    it('raw: a frame of another dialect is not written', async () => {
      const raw: ChatEvent = { type: 'raw', dialect: 'another', label: 'as-is', data: '{}' }
      assert.equal(write([START, raw]), write([START]))
    })
    it('no start: the answer starts all the same', async () => {
      const { events, failure } = read(write(rest))
      assert.deepEqual([events[0]?.type, events.slice(1), failure], ['start', counted(rest), undefined])
    })
  })

  describe(`${name}: frames of the same dialect are passed on`, () => {
    for (const [what, events] of [COMMON_ANSWERS, options.answers ?? {}].flatMap((table) => Object.entries(table))) {
      it(`frames: ${what}`, async () => {
        const sent = write(events)
        const received = await framesOf(client, QUESTION, writerOf(true).contentType, sent)
        assert.ok(received.some((event) => event.type === 'raw'))
        assert.equal(write(received), sent)
      })
    }
    it('frames: an end that is not followed by a finish is not written', async () => {
      const received = await framesOf(
        client,
        question,
        writerOf(true).contentType,
        write([START, text('Half'), finish()]),
      )
      const withoutEnd = received.filter((event) => event.type !== 'finish')
      assert.ok(read(write(withoutEnd)).failure !== undefined, 'the stream ends as if all were well')
    })
  })

  describe(`${name}: an error is read as it was written`, () => {
    for (const code of Object.keys(CODES) as ErrorCode[]) {
      const expected = errors[code] ?? code
      it(`error before an answer: ${code}`, async () => {
        const { status, body } = callOf(true).error(new ChatError(code, WORDS))
        if (status === 200) {
          // A refusal that the dialect has the form of an answer for.
          const { failure } = read(body)
          assert.equal(failure?.code, expected)
          assert.ok(failure.message.includes(WORDS), `the message is "${failure.message}"`)
          return
        }
        assert.ok(Number.isInteger(status) && status >= 400 && status < 600, `the status is ${status}`)
        const stated = client.decodeError?.(status, JSON.parse(body)) ?? {}
        assert.deepEqual([stated.code ?? codeOfStatus(status), stated.message], [expected, WORDS])
      })
      it(`error in a stream: ${code}`, async () => {
        for (const events of [[], [START], [START, text('Half')]]) {
          const writer = writerOf(true)
          const begun = writeAll(writer, events)
          const { failure, ...outcome } = read(begun + writer.fail(new ChatError(code, WORDS)))
          // Some dialects have no word for the start alone.
          const content = outcome.events.filter(({ type }) => type !== 'start')
          assert.deepEqual(content, withoutProvider(events.filter(({ type }) => type !== 'start')))
          assert.ok(failure !== undefined, 'the stream ends as if all were well')
          assert.equal(failure.code, expected)
          assert.ok(failure.message.includes(WORDS), `the message is "${failure.message}"`)
        }
      })
      if (expected === code) continue
      it(`error that a client retries or not: ${code}, read as ${expected}`, async () => {
        // To a client, a group whose members all failed is one server that failed.
        assert.equal(CODES[expected].retryable, code === 'exhausted' || CODES[code].retryable)
      })
    }
  })
}

/** Events as a decoder emits them: `httpProvider()` adds the provider. */
const withoutProvider = (events: readonly ChatEvent[]): DecodedEvent[] =>
  events.flatMap((event): DecodedEvent[] => {
    if (event.type === 'raw') return []
    if (event.type !== 'start') return [event]
    const { provider: _provider, ...start } = event
    return [start]
  })

/** The content of an answer, however it was cut into events and whoever gave it. */
const meaningOf = (events: readonly (ChatEvent | DecodedEvent)[]): ChatResult =>
  resultOf(
    events.map((event) =>
      event.type === 'start' ? { ...event, provider: START.provider, model: event.model ?? '' } : event,
    ),
  )

function assertMeans({ events, failure }: Decoded, expected: readonly ChatEvent[]): void {
  assert.equal(failure, undefined)
  assert.deepEqual(meaningOf(events), meaningOf(expected))
}
