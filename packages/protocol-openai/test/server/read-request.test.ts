import { describe, expect, test } from 'vitest'
import { chatCompletionsServer } from '../../src/index.ts'
import { hello } from '../support/requests.ts'
import { readRequest } from '../support/server.ts'

const server = chatCompletionsServer()

const wire = { model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }

describe('other requests of clients', () => {
  test('one piece is the default, and null counts as absent', () => {
    const body = { ...wire, stream: null, temperature: null, stop: null, tools: null, user: null, n: 1 }
    expect(readRequest(body)).toEqual({ ...hello, stream: false })
  })

  test('a stop that is a single string', () => {
    expect(readRequest({ ...wire, stream: true, stop: '.' })).toEqual({ ...hello, stop: ['.'] })
  })

  test.each([{ reasoning_effort: 'max' }, { reasoning: { effort: 'max' } }])(
    'an effort, as OpenAI and as OpenRouter have it: %j',
    (fields) => {
      expect(readRequest({ ...wire, stream: true, ...fields })).toEqual({ ...hello, reasoning: 'max' })
    },
  )
})

describe('a mistake is a bad request that names its field, in the message and as `param`', () => {
  const withMessage = (message: object): object => ({ ...wire, messages: [wire.messages[0], message] })
  const withPart = (part: object): object => ({ ...wire, messages: [{ role: 'user', content: [part] }] })
  test.each<[string, unknown, string]>([
    ['a body that is not an object', 'hello', 'the body'],
    ['no model', { messages: wire.messages }, 'model'],
    ['an empty model', { ...wire, model: '' }, 'model'],
    ['no messages', { model: 'a' }, 'messages'],
    ['messages that are not an array', { ...wire, messages: {} }, 'messages'],
    ['an empty array of messages', { ...wire, messages: [] }, 'messages'],
    ['a message that is not an object', { ...wire, messages: ['hi'] }, 'messages[0]'],
    ['no role', withMessage({ content: 'a' }), 'messages[1].role'],
    ['an unknown role', withMessage({ role: 'bot', content: 'a' }), 'messages[1].role'],
    ['no content', withMessage({ role: 'user' }), 'messages[1].content'],
    ['an assistant message without content', withMessage({ role: 'assistant' }), 'messages[1].content'],
    ['a tool message without its call', withMessage({ role: 'tool', content: 'a' }), 'messages[1].tool_call_id'],
    ['an unknown part', withPart({ type: 'sound' }), 'messages[0].content[0].type'],
    ['an image without a URL', withPart({ type: 'image_url', image_url: {} }), 'messages[0].content[0].image_url.url'],
    ['an upload', withPart({ type: 'file', file: { file_id: 'f' } }), 'messages[0].content[0].file.file_id'],
    [
      'a call without a name',
      withMessage({ role: 'assistant', tool_calls: [{ id: '1', type: 'function', function: {} }] }),
      'messages[1].tool_calls[0].function.name',
    ],
    ['a string for a number', { ...wire, temperature: 'hot' }, 'temperature'],
    ['half a token', { ...wire, max_tokens: 0.5 }, 'max_tokens'],
    ['no tokens', { ...wire, max_completion_tokens: 0 }, 'max_completion_tokens'],
    ['a stop that is not a string', { ...wire, stop: ['.', 1] }, 'stop[1]'],
    ['a stream that is not a boolean', { ...wire, stream: 'yes' }, 'stream'],
    ['two answers', { ...wire, n: 2 }, 'n'],
    ['the deprecated functions', { ...wire, functions: [] }, 'functions'],
    ['a custom tool without its fields', { ...wire, tools: [{ type: 'custom' }] }, 'tools[0].custom'],
    ['a tool without a name', { ...wire, tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    ['an unknown choice', { ...wire, tool_choice: 'any' }, 'tool_choice'],
    ['a choice without a name', { ...wire, tool_choice: { type: 'function' } }, 'tool_choice.function'],
    ['an unknown format', { ...wire, response_format: { type: 'xml' } }, 'response_format.type'],
    [
      'a schema without a name',
      { ...wire, response_format: { type: 'json_schema', json_schema: {} } },
      'response_format.json_schema.name',
    ],
  ])('%s', (_name, body, param) => {
    let thrown: unknown
    try {
      readRequest(body)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(TypeError)
    expect(thrown).toMatchObject({ message: expect.stringContaining(param) as string })
    const answer = server.error(thrown)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({ error: { param: param === 'the body' ? null : param } })
  })
})
