import type { Decoded } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { responses } from '../../../src/index.ts'
import { read as readAs } from '../../support/decoding.ts'
import { added, call, completed, created, done, event, hello, input, response } from './events.ts'

const dialect = responses()
const read = (body: string): Decoded => readAs(created + body, undefined, (emit) => dialect.open(hello).decode(emit))

/** The calls and their arguments as they were said, and the message of the error. */
function saidIn(body: string): string[] {
  const { events, failure } = read(body)
  const said = events.flatMap((each) => {
    if (each.type === 'tool-call') return [`${each.id}=${each.name}`]
    return each.type === 'tool-input' ? [`${each.id} ${each.text}`] : []
  })
  return failure === undefined ? said : [...said, failure.message]
}

const json = '{"x":1}'
const begin = added(call(''))
const unnamed = (index = 0): string => added(call('', { name: '', call_id: '' }), index)
const cut = event('response.incomplete', response({ incomplete_details: { reason: 'max_output_tokens' } }))
const argumentsDone = (text: unknown, fields: object = {}, index = 0): string =>
  event('response.function_call_arguments.done', { output_index: index, arguments: text, ...fields })
const differs = (id: string): string => `the pieces of tool call ${id} differ from the whole that the answer repeats`

describe('what a call says', () => {
  test.each<[string, string, string[]]>([
    [
      'comes in pieces, without empty ones',
      begin + input('{"x"') + input('') + input(':1}') + completed(),
      ['a=f', 'a {"x"', 'a :1}'],
    ],
    ['is completed by its end', begin + input('{"x"') + argumentsDone(json) + completed(), ['a=f', 'a {"x"', 'a :1}']],
    [
      'comes after its name, in one piece',
      unnamed() + input('{"x"') + input(':1}') + done(call(json)) + completed(),
      ['a=f', `a ${json}`],
    ],
    [
      'waits for a name that comes with the end',
      unnamed() + input('{"x"') + argumentsDone(json, { name: 'f' }) + completed(),
      ['call_resp_1_0=f', `call_resp_1_0 ${json}`],
    ],
    ['is what its beginning said, when nothing else does', added(call(json)) + completed(), ['a=f', `a ${json}`]],
    [
      'is not what its beginning said, when pieces come',
      added(call('{"y":2}')) + input(json) + completed(),
      ['a=f', `a ${json}`],
    ],
    ['may be nothing', begin + argumentsDone('') + done(call('')) + completed([call('')]), ['a=f']],
    ['may be an object instead of a text', begin + argumentsDone({ x: 1 }) + completed(), ['a=f', `a ${json}`]],
  ])('%s', (_name, body, said) => {
    expect(saidIn(body)).toEqual(said)
  })
})

describe('a call is malformed', () => {
  test.each<[string, string, string[]]>([
    ['with a piece after its end', begin + argumentsDone(json) + input('{'), ['a=f', `a ${json}`, differs('a')]],
    ['with another end', begin + argumentsDone(json) + argumentsDone('{"x":2}'), ['a=f', `a ${json}`, differs('a')]],
    [
      'with an end that goes on',
      begin + argumentsDone(json) + argumentsDone(`${json}}`),
      ['a=f', `a ${json}`, differs('a')],
    ],
    ['with another name', begin + argumentsDone(json, { name: 'g' }), ['a=f', differs('a')]],
    ['without a name', unnamed() + input('{}') + completed(), ['the answer has a tool call without a name']],
    [
      'with arguments that are a list',
      begin + input('[]') + completed(),
      ['a=f', 'a []', 'the arguments of tool call a are not a JSON object'],
    ],
    [
      'with arguments that broke off',
      begin + input('{"x"') + completed(),
      ['a=f', 'a {"x"', 'the arguments of tool call a broke off'],
    ],
    [
      'that the end leaves out',
      begin + input('{}') + added(call('', { call_id: 'b' }), 1) + completed([call('{}')]),
      ['a=f', 'a {}', 'b=f', 'the answer began a tool call that its end does not repeat'],
    ],
  ])('%s', (_name, body, said) => {
    expect(saidIn(body)).toEqual(said)
    expect(read(body).failure?.code).toBe(said.at(-1)?.endsWith('broke off') === true ? 'truncated' : 'malformed')
  })
})

describe('where the limit cut the answer', () => {
  test.each<[string, string, string[]]>([
    ['a call may have broken off', begin + input('{"x"') + cut, ['a=f', 'a {"x"']],
    ['a call may lack its name', unnamed() + input('{"x"') + cut, []],
    [
      'a call that is not JSON is malformed',
      begin + input('x') + cut,
      ['a=f', 'a x', 'the arguments of tool call a are not a JSON object'],
    ],
  ])('%s', (_name, body, said) => {
    expect(saidIn(body)).toEqual(said)
  })
})

describe('a beginning', () => {
  test.each<[string, string, string[]]>([
    ['that comes twice is one call', begin + begin + input(json) + completed(), ['a=f', `a ${json}`]],
    [
      'whose id comes later is one call',
      added(call('', { call_id: '' })) + begin + input(json) + completed(),
      ['call_resp_1_0=f', `call_resp_1_0 ${json}`],
    ],
    [
      'with another id at its place is another call',
      begin + added(call('', { call_id: 'b' })) + input(json) + completed(),
      ['a=f', 'b=f', `b ${json}`],
    ],
    [
      'after the end of a call is another call',
      begin + argumentsDone(json) + begin + input('{}') + completed(),
      ['a=f', `a ${json}`, 'a_1=f', 'a_1 {}'],
    ],
  ])('%s', (_name, body, said) => {
    expect(saidIn(body)).toEqual(said)
  })
})

test('16 MiB of arguments wait for their names, and no more', () => {
  const half = 8 * 1024 * 1024
  const held = unnamed() + input(' '.repeat(half)) + unnamed(1) + input(' '.repeat(half), 1)
  expect(read(held + cut).failure).toBeUndefined()
  expect(read(held + input(' ', 1) + cut).failure).toEqual({
    code: 'malformed',
    message: 'more than 16777216 characters of arguments came before their name',
  })
})
