import { ChatError, collect, type ErrorCode, type FinishReason, partialOf } from '@rivulet/core'
import { answering, type ByteServer, byteServer, headOf, type HttpAnswer, pieceOf, writing } from '@rivulet/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subjectOf } from '../../src/subjects.ts'
import answers from './answers.json' with { type: 'json' }
import refusals from './refusals.json' with { type: 'json' }
import { SUBJECTS } from './dialects.ts'

/** What a report says is right. An error may have one of several codes. */
interface Right {
  text?: string
  reasoning?: string
  calls?: [name: string, args: unknown][]
  reason?: FinishReason
  /** Input, output and, where a report names them, cached tokens. */
  usage?: number[]
  code?: ErrorCode[]
  partial?: string
  retryable?: boolean
}

interface ReportedAnswer {
  report: string
  dialect: string
  bytes: string
  type?: string
  /** The connection stays open after the bytes. */
  open?: boolean
  want: Right & { withinMs?: number }
}

let server: ByteServer
beforeAll(async () => {
  server = await byteServer()
})
afterAll(() => server.close())

/** Reads what a server writes, as far as the report says what is right of it. */
async function readAs(want: Right, dialect: string, baseUrl: string): Promise<Right> {
  const { provider, request } = await subjectOf(SUBJECTS[dialect] ?? dialect)
  try {
    const { text, reasoning, toolCalls, reason, usage } = await collect(
      provider({ baseUrl }).stream({ model: request.model, messages: request.messages }),
    )
    expect(new Set(toolCalls.map(({ id }) => id)).size, 'each call has an id of its own').toBe(toolCalls.length)
    const calls = toolCalls.map(({ name, input }): [string, unknown] => [name, JSON.parse(input === '' ? '{}' : input)])
    const counts = [usage?.inputTokens, usage?.outputTokens, usage?.cachedTokens].map((count) => count ?? 0)
    const got = { text, reasoning, calls, reason, usage: counts.slice(0, want.usage?.length) }
    return pick(got, want)
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    const got = { code: error.code, partial: partialOf(error)?.text ?? '', retryable: error.retryable }
    // One of several codes is right.
    const code = want.code?.includes(error.code) === true ? want.code : [error.code]
    return { ...pick(got, want), code }
  }
}

const pick = (got: object, want: Right): Right =>
  Object.fromEntries(Object.entries(got).filter(([name]) => Object.hasOwn(want, name)))

describe('reported answers', () => {
  // JSON has no tuples and no closed lists.
  for (const { report, dialect, bytes, type = 'text/event-stream', open, want: all } of answers as ReportedAnswer[]) {
    const { withinMs: _withinMs, ...want } = all
    const body = Buffer.from(bytes)
    const answer: HttpAnswer = { contentType: type, body }
    const bytewise = Array.from(body, (_, at) => body.subarray(at, at + 1))
    for (const [form, pieces] of [
      ['in one piece', [body]],
      ['byte by byte', bytewise],
    ] as const) {
      test(`${dialect}: ${report}, ${form}`, { timeout: 5_000 }, async () => {
        const script =
          open === true
            ? writing([headOf(answer, 'chunked'), ...pieces.map((piece) => pieceOf(piece, 'chunked'))])
            : answering(answer, 'chunked', pieces)
        expect(await readAs(want, dialect, server.play(script).baseUrl)).toEqual(want)
      })
    }
  }
})

describe('reported refusals', () => {
  for (const { report, status, body, want } of refusals) {
    for (const dialect of ['chat', 'anthropic', 'google', 'ollama', 'responses']) {
      test(`${dialect}: ${report}`, async () => {
        const answer = { contentType: 'application/json', body: Buffer.from(JSON.stringify(body)), status }
        const right = { code: [want.code as ErrorCode] }
        expect(await readAs(right, dialect, server.play(answering(answer)).baseUrl)).toEqual(right)
      })
    }
  }
})
