import { expect, test } from 'vitest'
import { evidenceOf } from '../../src/dialect/refusal-evidence.ts'

const NAMES = [
  'code',
  'type',
  'status',
  'reason',
  'error_code',
  'error_type',
  'status_code',
  'statusCode',
  'http_code',
  'http_status_code',
  '__type',
]
const MESSAGES = [
  'message',
  'detail',
  'msg',
  'error_description',
  'error_message',
  'error_msg',
  'errmsg',
  'status_msg',
  'title',
  'raw',
]
const NESTED = ['error', 'errors', 'details', 'metadata', 'base_resp']

const nothing = { names: [], messages: '', status: undefined }

test.each(NAMES)('"%s" has a name or a status', (field) => {
  expect(evidenceOf({ [field]: 'Some_Name-1' })).toEqual({ ...nothing, names: ['somename1'] })
  expect(evidenceOf({ [field]: 429 })).toEqual({ ...nothing, status: 429 })
})

test.each(MESSAGES)('"%s" has a message', (field) => {
  expect(evidenceOf({ [field]: 'Two words' })).toEqual({ ...nothing, messages: 'two words' })
})

test.each(NESTED)('"%s" has names and messages again', (field) => {
  const inner = { code: 'a_b', message: 'Two words' }
  const expected = { ...nothing, names: ['ab'], messages: 'two words' }
  expect(evidenceOf({ [field]: inner })).toEqual(expected)
  expect(evidenceOf({ [field]: [inner] })).toEqual(expected)
})

test('other fields are not read: they may repeat what the user wrote', () => {
  expect(evidenceOf({ input: 'Two words', param: 'word', body: { message: 'Two words', code: 429 } })).toEqual(nothing)
})

test.each<[unknown]>([
  [undefined],
  [null],
  [true],
  [429],
  [''],
  [' '],
  [[]],
  [{}],
  [{ code: '---' }],
  [{ message: null }],
  [{ code: false }],
])('nothing is found in %j', (body) => {
  expect(evidenceOf(body)).toEqual(nothing)
})

test('the names of a body come before those of its messages, and these before nested ones', () => {
  const body = { error: { code: 'third' }, message: 'second', type: 'first' }
  expect(evidenceOf(body)).toEqual({ ...nothing, names: ['first', 'second', 'third'], messages: 'second' })
})

test.each<[given: unknown, status: number | undefined, names: string[]]>([
  [400, 400, []],
  [599, 599, []],
  ['429', 429, []],
  [399, undefined, []],
  [600, undefined, []],
  [429.5, undefined, []],
  ['399', undefined, ['399']],
  ['0429', undefined, ['0429']],
  ['4290', undefined, ['4290']],
  [' 429', undefined, ['429']],
  ['4e2', undefined, ['4e2']],
  [[429], undefined, []],
])('the code %j is the status %s', (code, status, names) => {
  expect(evidenceOf({ code })).toEqual({ ...nothing, status, names })
})

test('the first status of a failure is taken', () => {
  expect(evidenceOf({ code: 20_012, status: 503, error: { code: 429 } }).status).toBe(503)
})

test.each<[string, unknown, string[], string]>([
  ['a name that is a sentence is a message too', { code: 'It is busy' }, ['itisbusy'], 'it is busy'],
  ['white space around a name does not make it one', { code: ' busy ' }, ['busy'], ''],
  ['a message of one word is a name too', { message: ' Busy! ' }, ['busy'], 'busy!'],
  ['plain text is a message', 'It is busy', [], 'it is busy'],
  ['all messages are joined', { message: 'It is', detail: 'so busy' }, [], 'it is so busy'],
  ['white space is one space, and an apostrophe is straight', '\tIt’s \r\n  busy\n', [], "it's busy"],
])('%s', (_law, body, names, messages) => {
  expect(evidenceOf(body)).toEqual({ ...nothing, names, messages })
})

test.each<[string, string, string[], string]>([
  ['an object', '{"code":"a_b"}', ['ab'], ''],
  ['a list, after white space', ' \n[{"code":"a_b"}]', ['ab'], ''],
  ['a text in a list', '["a_b"]', ['ab'], 'a_b'],
  ['something else, which only looks like it', '{"code": no', [], '{"code": no'],
  ['a text, which is left as it is', '"it is"', [], '"it is"'],
  ['a text with a bracket in it too', '"it is [busy]"', [], '"it is [busy]"'],
  ['words before it, which make it a message', 'it is {"code":"a_b"}', [], 'it is {"code":"a_b"}'],
])('a message that is JSON is read: %s', (_what, message, names, messages) => {
  expect(evidenceOf({ message })).toEqual({ ...nothing, names, messages })
})

test('a name is read up to 100 characters', () => {
  expect(evidenceOf({ code: `${'a'.repeat(99)}bc` }).names).toEqual([`${'a'.repeat(99)}b`])
})

test('messages are read up to 4,096 characters in all', () => {
  const long = 'a '.repeat(2_000)
  expect(evidenceOf({ message: long, detail: 'b '.repeat(2_000) }).messages).toBe(
    `${long}${'b '.repeat(2_000)}`.slice(0, 4_096).trim(),
  )
})

test('at most 64 values are read, of which the body is one', () => {
  const names = Array.from({ length: 100 }, (_, index) => `n${index}`)
  expect(evidenceOf(names).names).toEqual(names.slice(0, 63))
  const objects = names.map((message) => ({ message }))
  expect(evidenceOf(objects).names).toEqual(names.slice(0, 31))
})

test('ten levels are read, of which the text is one', () => {
  const inErrors = (times: number): unknown => (times === 0 ? { message: 'x' } : { error: inErrors(times - 1) })
  expect([8, 9].map((times) => evidenceOf(inErrors(times)).names)).toEqual([['x'], []])
  const inMessages = (times: number): unknown => (times === 0 ? 'x' : { message: inMessages(times - 1) })
  expect([9, 10].map((times) => evidenceOf(inMessages(times)).names)).toEqual([['x'], []])
  const inLists = (times: number): unknown => (times === 0 ? 'x' : [inLists(times - 1)])
  expect([9, 10].map((times) => evidenceOf(inLists(times)).names)).toEqual([['x'], []])
  const inJson = (times: number): string => (times === 0 ? 'x' : JSON.stringify([inJson(times - 1)]))
  expect([4, 5].map((times) => evidenceOf(inJson(times)).names)).toEqual([['x'], []])
})
