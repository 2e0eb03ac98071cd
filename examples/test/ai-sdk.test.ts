import { createOpenAI } from '@ai-sdk/openai'
import { anthropic } from '@rivulet/provider-anthropic'
import { openai } from '@rivulet/provider-openai'
import { failover } from '@rivulet/router'
import { simulator } from '@rivulet/simulator'
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { weatherAgent } from '../ai-sdk-agent.ts'
import { river, vectors } from '../ai-sdk-members.ts'
import { useChatRoute } from '../ai-sdk-route.ts'

const sim = await simulator({ pace: 'instant' })
afterAll(() => sim.close())
beforeEach(() => {
  sim.clear()
})

const apiKey = 'a-key'
const ours = openai({ apiKey, baseUrl: sim.baseUrl('openai') })
const second = anthropic({ apiKey, baseUrl: sim.baseUrl('anthropic') })
const MODEL = 'gpt-6.1-terra'
const asked = (): string[] => sim.requests.map(({ dialect }) => dialect)

describe('an agent of the AI SDK on a failover', () => {
  const agent = weatherAgent([
    [ours, MODEL],
    [second, 'claude-sonnet-5-5'],
  ])

  it('answers with its tools', async () => {
    const { text, steps } = await agent.generate({ prompt: 'Call the weather tool' })
    expect(steps).toHaveLength(2)
    expect(text).toContain('21 °C')
  })

  it('goes on with the other member when the first fails between two steps', async () => {
    sim.fault('openai', 'truncate')
    const { text } = await agent.generate({ prompt: 'Call the weather tool' })
    expect(text).toContain('21 °C')
    expect(asked()).toContain('anthropic')
  })
})

describe('a route for useChat', () => {
  const route = useChatRoute(failover([ours, second]), [MODEL])
  /** As `useChat` asks and reads. */
  async function ask(messages: UIMessage[]): Promise<UIMessage | undefined> {
    const send: typeof fetch = (_url, init) => route(new Request('https://page.example/api/chat', init))
    const transport = new DefaultChatTransport<UIMessage>({ api: 'https://page.example/api/chat', fetch: send })
    const trigger = 'submit-message' as const
    const stream = await transport.sendMessages({
      chatId: 'c',
      messages,
      trigger,
      messageId: undefined,
      abortSignal: undefined,
    })
    let last: UIMessage | undefined
    for await (const message of readUIMessageStream({ stream })) last = message
    return last
  }
  const user = (id: string, text: string): UIMessage => ({ id, role: 'user', parts: [{ type: 'text', text }] })
  const textOf = (message: UIMessage | undefined): string =>
    message?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('') ?? ''

  it('answers, and goes on with the conversation', async () => {
    const first = await ask([user('1', 'count to 3')])
    expect(textOf(first)).toContain('1, 2, 3')
    if (first === undefined) return expect.unreachable()
    await ask([user('1', 'count to 3'), { ...first, id: '2' }, user('3', 'count to 4')])
    expect(sim.requests[1]?.body).toMatchObject({
      messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }],
    })
  })

  it('draws the whole answer when one broke off', async () => {
    sim.fault('openai', { kind: 'truncate', afterEvents: 2, times: 1 })
    const group = failover([ours, openai({ apiKey, baseUrl: sim.baseUrl('openai') })])
    const again = useChatRoute(group, [MODEL])
    const response = await again(
      new Request('https://page.example', {
        method: 'POST',
        body: JSON.stringify({ messages: [user('1', 'count to 3')] }),
      }),
    )
    const body = await response.text()
    expect(body).toContain('"type":"reset-step"')
    expect(body.slice(body.indexOf('reset-step'))).toContain('"finishReason":"stop"')
    expect(asked()).toEqual(['openai', 'openai'])
  })

  it.each([['{}'], ['{"messages":[{"role":"root","parts":[]}]}']])(
    'refuses a body without messages of useChat: %s',
    async (body) => {
      const response = await route(new Request('https://page.example', { method: 'POST', body }))
      expect(response.status).toBe(400)
      expect(sim.requests).toEqual([])
    },
  )
})

describe('models of the AI SDK as members', () => {
  const theirs = createOpenAI({ apiKey, baseURL: sim.baseUrl('openai') })

  it('answer, and the next member does when they fail', async () => {
    const { complete } = river(theirs.chat(MODEL), second)
    expect(await complete('count to 3')).toMatchObject({ provider: 'openai.chat', reason: 'stop' })
    sim.fault('openai', 'wrong-key')
    const answer = await complete({ model: 'claude-sonnet-5-5', messages: [{ role: 'user', content: 'count to 3' }] })
    expect(answer).toMatchObject({ provider: 'anthropic', reason: 'stop' })
  })

  it('embed', async () => {
    const model = theirs.embedding('text-embedding-3-small')
    expect((await vectors([model, model], ['sea', 'land'])).vectors).toHaveLength(2)
  })
})
