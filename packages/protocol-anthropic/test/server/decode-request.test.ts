import { describe, expect, test } from 'vitest'
import { decodeRequest } from '../../src/index.ts'
import { hello } from '../support/requests.ts'

const turn = (content: unknown, role = 'user') => ({ model: 'm', max_tokens: 1, messages: [{ role, content }] })

describe('decodeRequest()', () => {
  test('accepts system messages in the middle of a conversation, as the API does', () => {
    const messages = [hello, { role: 'system', content: 'Be brief.' }]
    expect(decodeRequest({ model: 'm', max_tokens: 1, messages }).messages).toEqual(messages)
  })

  test('accepts thoughts without a signature, as the encoder writes them for providers that do not sign', () => {
    const content = [{ type: 'thinking', thinking: 'Hm.', signature: '' }]
    expect(decodeRequest(turn(content, 'assistant')).messages).toEqual([
      { role: 'assistant', content: [{ type: 'reasoning', text: 'Hm.' }] },
    ])
  })

  test.each<[string, unknown, RegExp]>([
    ['no body', undefined, /body/],
    ['no model', { max_tokens: 1, messages: [hello] }, /^model/],
    ['no limit', { model: 'm', messages: [hello] }, /^max_tokens/],
    ['a limit of 0', { model: 'm', max_tokens: 0, messages: [hello] }, /^max_tokens/],
    ['no messages', { model: 'm', max_tokens: 1, messages: [] }, /^messages/],
    ['a message that is not an object', { model: 'm', max_tokens: 1, messages: ['Hello'] }, /messages\.0/],
    ['an unknown role', turn('x', 'robot'), /messages\.0\.role/],
    ['content of a wrong type', turn(1), /messages\.0\.content/],
    ['an unknown block', turn([{ type: 'smell' }]), /"smell"/],
    ['an unknown block of an answer', turn([{ type: 'server_tool_use' }], 'assistant'), /"server_tool_use"/],
    ['a text block without text', turn([{ type: 'text' }]), /text: a string/],
    ['an image by file id', turn([{ type: 'image', source: { type: 'file', file_id: 'f' } }]), /"file"/],
    ['an image without a source', turn([{ type: 'image' }]), /source/],
    [
      'an image as a tool result',
      turn([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'image' }] }]),
      /tool result of type "image"/,
    ],
    ['tools that are not an array', { ...turn('x'), tools: {} }, /^tools/],
    ['a tool without a name', { ...turn('x'), tools: [{}] }, /tools\.0\.name/],
    ["a tool of the server's own", { ...turn('x'), tools: [{ type: 'bash', name: 'bash' }] }, /tools\.0\.input_schema/],
    ['an unknown choice', { ...turn('x'), tool_choice: { type: 'maybe' } }, /tool_choice/],
    ['an unknown format', { ...turn('x'), output_config: { format: { type: 'xml' } } }, /output_config\.format/],
    ['a temperature that is a string', { ...turn('x'), temperature: 'hot' }, /^temperature/],
    ['a stop that is not an array', { ...turn('x'), stop_sequences: 'END' }, /^stop_sequences/],
  ])('refuses %s, and names the field', (_what, body, words) => {
    expect(() => decodeRequest(body)).toThrow(
      expect.objectContaining({
        name: 'ChatError',
        code: 'bad-request',
        message: expect.stringMatching(words) as string,
      }),
    )
  })
})
