import { collect, type NativeTool, type RecordedExchange, toMessage } from '@rivulet/core'
import { messagesServer } from '@rivulet/protocol-anthropic'
import { simulator } from '@rivulet/simulator'
import { expect, test } from 'vitest'
import { anthropic } from '../src/index.ts'

const search = { type: 'web_search_20260318', name: 'web_search' }
const body = JSON.stringify({
  model: 'claude-opus-5-5',
  max_tokens: 1000,
  stream: true,
  system: [{ type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
  messages: [{ role: 'user', content: 'say ab' }],
  tools: [search],
  thinking: { type: 'adaptive' },
  context_management: { edits: [] },
})

test('a request and its answer pass through a server of the same dialect byte for byte', async () => {
  await using sim = await simulator()
  const provider = anthropic({ apiKey: 'sk-test', baseUrl: sim.baseUrl('anthropic') })
  const headers = { 'anthropic-version': '2026-10-21', 'anthropic-organization-id': 'o', authorization: 'Bearer mine' }
  const call = messagesServer().read({ path: '/v1/messages', headers, body })
  const writer = call.answer({ id: 'msg_mine', created: 1, model: 'mine' })
  let exchange: Promise<RecordedExchange> | undefined
  let sent = ''
  const stream = provider.stream(call.request, {
    raw: true,
    unsupported: 'drop',
    onExchange: (begun) => {
      exchange = begun
    },
  })
  for await (const event of stream) sent += writer.write([event])
  const received = (await exchange)?.chunks.map(({ text }) => text ?? '').join('')
  expect(sent).toBe(received)
  expect(sent).toContain('web_search_tool_result')
  const [asked] = sim.requests
  expect(asked?.bodyText).toBe(body)
  expect(asked?.headers).toMatchObject({ 'anthropic-version': '2026-10-21', 'x-api-key': 'sk-test' })
  expect(asked?.headers).not.toHaveProperty('anthropic-organization-id')
  expect(asked?.headers).not.toHaveProperty('authorization')
})

test('a turn with thoughts and a search of the vendor’s own goes back as it was, in its order', async () => {
  await using sim = await simulator()
  const provider = anthropic({ apiKey: 'sk-test', baseUrl: sim.baseUrl('anthropic') })
  const tools: NativeTool[] = [{ type: 'native', dialect: 'anthropic-messages', value: search }]
  const question = { role: 'user', content: 'say ab' } as const
  const request = { model: 'claude-opus-5-5', messages: [question], tools, reasoning: 'max' } as const
  const result = await collect(provider.stream(request))
  expect(result.content.map(({ type }) => type)).toEqual(['reasoning', 'native', 'native', 'text'])
  const messages = [question, toMessage(result), question]
  expect((await collect(provider.stream({ ...request, messages }))).reason).toBe('stop')
})
