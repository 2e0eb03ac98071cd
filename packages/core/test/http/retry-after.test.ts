import { expect, test } from 'vitest'
import { retryAfterMs } from '../../src/http/retry-after.ts'

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0)
const httpDate = (ms: number): string => new Date(ms).toUTCString()

test.each<[string, Record<string, string>, number | undefined]>([
  ['seconds', { 'retry-after': '20' }, 20_000],
  ['a fraction of a second', { 'retry-after': '0.25' }, 250],
  ['zero seconds', { 'retry-after': '0' }, 0],
  ['white space around it', { 'retry-after': ' 3 ' }, 3_000],
  ['milliseconds', { 'retry-after-ms': '1500' }, 1_500],
  ['milliseconds, which are finer than seconds', { 'retry-after-ms': '1500', 'retry-after': '2' }, 1_500],
  ['unreadable milliseconds, and readable seconds', { 'retry-after-ms': 'soon', 'retry-after': '2' }, 2_000],
  ['a date', { 'retry-after': httpDate(NOW + 30_000) }, 30_000],
  ['a date in the past', { 'retry-after': httpDate(NOW - 30_000) }, 0],
  ['an old form of date', { 'retry-after': 'Friday, 20-Nov-26 12:00:05 GMT' }, 5_000],
  ['absurdly many seconds', { 'retry-after': '99999999999' }, 99_999_999_999_000],
  ['an absurd date', { 'retry-after': httpDate(Date.UTC(2999, 0, 1)) }, Date.UTC(2999, 0, 1) - NOW],
  ['a negative number', { 'retry-after': '-5' }, undefined],
  ['a number in another notation', { 'retry-after': '1e3' }, undefined],
  ['text', { 'retry-after': 'later' }, undefined],
  ['an empty value', { 'retry-after': '' }, undefined],
  ['no header', {}, undefined],
])('%s', (_name, headers, expected) => {
  expect(retryAfterMs(headers, NOW)).toBe(expected)
})

test('a date is compared with the date of the response, so that a wrong local clock does not matter', () => {
  const served = NOW + 5 * 3_600_000
  const headers = { 'retry-after': httpDate(served + 7_000), date: httpDate(served) }
  expect(retryAfterMs(headers, NOW)).toBe(7_000)
  expect(retryAfterMs({ ...headers, date: 'nonsense' }, served)).toBe(7_000)
})
