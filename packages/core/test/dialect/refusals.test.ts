import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeOfRefusal, readErrorBody } from '../../src/dialect/error-body.ts'
import { isErrorBody } from '../../src/dialect/is-error-body.ts'
import { evidenceOf } from '../../src/dialect/refusal-evidence.ts'
import { type Refusal, REFUSALS } from '../../src/dialect/refusals.ts'
import { CODES, type ErrorCode } from '../../src/error-codes.ts'

/**
 * A refusal as it was reported or is documented. Where a report gives only the message, it is in the envelope that the
 * vendor documents; ids of requests and accounts are `x`.
 */
interface Row {
  who: string
  /** `null` for an error inside an answer that began as a success. */
  status: number | null
  body: unknown
  code: ErrorCode
  source: string
  /** When it was reported, or looked up. */
  date: string
  /** How it differs from what was reported. */
  made?: string
}

const ROWS = JSON.parse(readFileSync(new URL('fixtures/refusals.json', import.meta.url), 'utf8')) as readonly Row[]

const codeOf = ({ status, body }: Pick<Row, 'status' | 'body'>, refusals?: readonly Refusal[]): ErrorCode =>
  codeOfRefusal(status ?? undefined, evidenceOf(body), refusals)

test.each(ROWS)('$who, HTTP $status: $code ($date, $source)', ({ status, body, code }) => {
  expect(readErrorBody(status ?? undefined, body).code).toBe(code)
})

test('every message has a source and a date, and no two are the same', () => {
  for (const { who, source, date } of ROWS) {
    expect(source, who).toMatch(/^https:\/\//)
    expect(date, who).toMatch(/^20\d\d-\d\d-\d\d$/)
  }
  expect(new Set(ROWS.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(ROWS.length)
  expect(ROWS.filter(({ made }) => made === undefined).length).toBeGreaterThanOrEqual(150)
})

test.each(ROWS.filter(({ status, body }) => status === null && typeof body !== 'string'))(
  'inside an answer, the error of $who is one',
  ({ body }) => {
    expect(isErrorBody(body)).toBe(true)
  },
)

describe('each line of the list is needed', () => {
  test.each(linesOf(REFUSALS))('%s', (_line, without) => {
    expect(ROWS.filter((row) => codeOf(row, without) !== codeOf(row))).not.toEqual([])
  })
})

/** Each pattern with the list without it. */
function linesOf(refusals: readonly Refusal[]): [line: string, without: readonly Refusal[]][] {
  return refusals.flatMap((refusal, place) =>
    (['names', 'messages'] as const).flatMap((kind) =>
      (refusal[kind] ?? []).map((pattern): [string, readonly Refusal[]] => [
        `${refusal.code}: ${kind} ${pattern.source}`,
        refusals.with(place, { ...refusal, [kind]: refusal[kind]?.filter((other) => other !== pattern) }),
      ]),
    ),
  )
}

test('each status that a rule may refine is needed', () => {
  const idle = REFUSALS.flatMap((refusal, place) =>
    refusal.over
      .filter((status) => {
        const narrower = REFUSALS.with(place, { ...refusal, over: refusal.over.filter((other) => other !== status) })
        return ROWS.every((row) => codeOf(row, narrower) === codeOf(row))
      })
      .map((status) => `${refusal.code} over ${status}: ${String((refusal.names ?? refusal.messages)?.[0]?.source)}`),
  )
  expect(idle).toEqual([])
})

test('capitals and white space do not change the code of a message', () => {
  // Escapes inside a text that is JSON would not survive capitals.
  const spoken = ROWS.filter(({ body }) => !JSON.stringify(body).includes('\\"'))
  const spaces = fc.constantFrom(' ', '  ', '\n', '\t ', '\r\n')
  fc.assert(
    fc.property(fc.constantFrom(...spoken), spaces, fc.boolean(), (row, space, capitals) => {
      const changed = texts(row.body, (text) => {
        const spaced = ` ${text.replaceAll(/\s+/g, space)}${space}`
        return capitals ? spaced.toUpperCase() : spaced
      })
      expect(codeOf({ ...row, body: changed })).toBe(row.code)
    }),
    { seed: 20261127, numRuns: 500 },
  )
})

/** A body with each of its texts changed. */
function texts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => texts(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, texts(field, change)]))
}

describe('any JSON', () => {
  const fields = fc.constantFrom('error', 'message', 'code', 'type', 'detail', 'msg', 'errors', 'status', 'base_resp')
  const body = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fields, fc.oneof(fc.jsonValue(), fc.dictionary(fields, fc.jsonValue()))),
  )

  test('is read without throwing and has a code of the list', () => {
    fc.assert(
      fc.property(fc.option(fc.integer({ min: 300, max: 599 }), { nil: undefined }), body, (status, sent) => {
        const { code, message } = readErrorBody(status, sent)
        expect(CODES).toHaveProperty(code)
        expect(typeof message).toBe('string')
        expect(typeof isErrorBody(sent)).toBe('boolean')
      }),
      { seed: 20261127, numRuns: 500 },
    )
  })

  test.each(['error', 'message', 'detail', 'errors', 'code', 'metadata'])(
    'nested 20,000 deep in "%s" is read too, and its message is bounded',
    (field) => {
      const deep: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)
      const wide: unknown = JSON.parse(`${`{"${field}":`.repeat(20_000)}1${'}'.repeat(20_000)}`)
      for (const sent of [{ error: { [field]: deep } }, { [field]: deep }, wide]) {
        const { code, message } = readErrorBody(500, sent)
        expect(code).toBe('overloaded')
        expect(message.length).toBeLessThanOrEqual(65_537)
        expect(isErrorBody(sent)).toBeTypeOf('boolean')
      }
    },
  )

  test('what the user wrote and a validator repeats does not change the code', () => {
    const detail = [{ msg: 'Field required', input: { content: 'You exceeded your current quota' } }]
    expect(readErrorBody(422, { detail }).code).toBe('bad-request')
    expect(readErrorBody(422, { error: { message: JSON.stringify({ detail }) } }).code).toBe('bad-request')
  })

  test('a long message is kept whole, and only its beginning is searched', () => {
    const words = 'the model exceeds the quota of your tokens '.repeat(40_000)
    const sent = { error: { message: words, detail: words, code: words } }
    expect(readErrorBody(undefined, sent).message).toBe(words)
    expect(evidenceOf(sent).messages.length).toBeLessThanOrEqual(4_096)
    expect(evidenceOf(sent).names.every((name) => name.length <= 100)).toBe(true)
  })
})
