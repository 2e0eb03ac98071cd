import { describe, expect, test } from 'vitest'
import {
  block,
  call,
  delta,
  done,
  end,
  finish,
  input,
  read,
  say,
  sse,
  start,
  started,
  stop,
  text,
} from '../support/decoding.ts'

const tool = { type: 'tool_use', id: 't1', name: 'f', input: {} }
const piece = (partial_json: string, index = 0) => delta(index, { type: 'input_json_delta', partial_json })
const usage = { inputTokens: 9, outputTokens: 5, source: 'reported' }

test('arguments go on after their block was stopped', () => {
  const body = sse(start(), block(0, tool), piece('{"x"'), end(0), piece(':1}'), stop('tool_use'), done)
  expect(read(body).events.slice(1)).toEqual([
    call('t1', 'f'),
    input('t1', '{"x"'),
    input('t1', ':1}'),
    { ...finish('tool-calls'), usage },
  ])
})

test('arguments that come once more after their block was stopped are malformed', () => {
  const given = { ...tool, input: { x: 1 } }
  expect(read(sse(start(), block(0, given), end(0), piece('{"x":1}'), stop('tool_use'), done)).failure).toMatchObject({
    code: 'malformed',
  })
})

describe('a message is known', () => {
  test('by the name of its event', () => {
    const body = sse(start(), block(0, { type: 'text', text: '' }), say('one'), end(0), stop('end_turn'), done)
    const nameless = body.replaceAll(/"type":"(?:message|content)_[a-z_]+",?/g, '')
    expect(read(nameless)).toEqual(read(body))
  })

  test('by its role and content, in one piece', () => {
    const message = { id: 'msg_1', role: 'assistant', model: 'claude-opus-5-5', stop_reason: 'end_turn' }
    const answer = { events: [started, text('one'), finish()] }
    const contents = ['one', [{ type: 'text', text: 'one' }]]
    for (const content of contents) {
      expect(read(JSON.stringify({ ...message, content }), 'application/json')).toEqual(answer)
    }
  })
})

test('content that comes with the start of the message is read', () => {
  const { message } = start()
  const content = [{ type: 'text', text: 'one' }]
  const body = sse({ type: 'message_start', message: { ...message, content } }, stop('end_turn'), done)
  expect(read(body).events).toEqual([started, text('one'), { ...finish(), usage }])
})

describe('the end mark of another dialect', () => {
  const said = sse(start(), say('one'))

  test('ends an answer that has its reason to stop', () => {
    expect(read(`${said}${sse(stop('max_tokens'))}data: [DONE]\n\n`).events.at(-1)).toEqual({
      ...finish('length'),
      usage,
    })
  })

  test('and no other', () => {
    expect(read(`${said}data: [DONE]\n\n`).failure).toMatchObject({ code: 'truncated' })
  })
})

test('the reason of tool calls without a call', () => {
  expect(read(sse(start(), say('one'), stop('tool_use'), done)).events.at(-1)).toEqual({ ...finish('stop'), usage })
  expect(read(sse(start(), stop('tool_use'), done)).failure).toEqual({
    code: 'malformed',
    message: 'the answer says that it calls a tool, and has no call',
  })
})
