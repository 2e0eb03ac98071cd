import { describe, expect, test } from 'vitest'
import { chatCompletions } from '../../src/index.ts'
import { cutOff, done, finish, read, say, start, stream, text } from '../support/decoding.ts'

describe('an error in other words', () => {
  const words = 'upstream connect error'

  test.each([
    ['detail', { detail: words }],
    ['code and message', { code: 500, message: words }],
    ['error_type and error_message', { id: 'c1', choices: null, error_type: 'BadGateway', error_message: words }],
    ['an error beside empty choices', { id: 'c1', choices: [], error: { code: 502, message: words } }],
    ['an error in a list', [{ error: { message: words } }]],
  ])('is an error first, and after content: %s', (_name, body) => {
    for (const before of [[], [say('a')], [say('a'), say('b'), done()]]) {
      const { failure } = read(stream(...before, body))
      expect(failure).toEqual({ code: 'overloaded', message: `the endpoint reports: ${words}` })
    }
  })

  test.each(['error', 'Error', 'ERROR'])('is an event named %s, whatever its data', (event) => {
    const first = cutOff(say('a'), say('b'), say('c'))
    expect(read(`${first}event: ${event}\ndata: ${words}\n\ndata: [DONE]\n\n`).failure).toEqual({
      code: 'overloaded',
      message: `the endpoint reports: ${words}`,
    })
    expect(read(`event: ${event}\ndata: rate limit reached\n\n`).failure).toMatchObject({ code: 'rate-limited' })
    expect(read(`${first}event: ${event}\ndata: [DONE]\n\n`).failure).toMatchObject({ code: 'overloaded' })
  })

  test('is a bare line of JSON', () => {
    const line = JSON.stringify({ error: { message: words } })
    for (const end of ['\n', '\n\n', '\r\n']) {
      const body = `${cutOff(say('a'))}${line}${end}data: [DONE]\n\n`
      expect(read(body).events).toEqual([start, text('a')])
      expect(read(body).failure).toEqual({ code: 'overloaded', message: `the endpoint reports: ${words}` })
    }
  })

  test('a bare line that says nothing else is counted', () => {
    const body = `${cutOff(say('a'))}<html>502</html>\n${cutOff(say('b'))}{not json\n\n${stream(done())}`
    expect(read(body).events).toEqual([start, text('a'), text('b'), { ...finish(), skipped: 2 }])
  })
})

test('an error that is nested 20,000 deep is an error', () => {
  const body = `{"error":{"message":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`
  expect(read(body, 'application/json').failure).toMatchObject({ code: 'overloaded' })
  expect(chatCompletions().decodeError?.(500, JSON.parse(body))).toMatchObject({ code: 'overloaded' })
})

test('the words of the provider upstream of a router are not cut before a key in them is redacted', () => {
  const raw = `${'x'.repeat(490)} key sk-1234567890abcdefghij`
  const stated = chatCompletions().decodeError?.(502, {
    error: { message: 'Provider returned error', metadata: { raw } },
  })
  expect(stated?.message).toBe(`Provider returned error: ${raw}`)
})
