import { type ChatEvent, type ChatRequest, collect, type Message, type Provider } from '@rivulet/core'
import { describe, expect, it } from 'vitest'
import { failover } from '../src/index.ts'
import { eventsOf, failure, finish, type Member, member, REQUEST, text } from './support/members.ts'

function informed(id: string, info: Partial<Provider['info']>): Member {
  const made = member(id, [text(id), finish])
  return { ...made, info: { ...made.info, ...info } }
}

const answeredBy = async (members: readonly Provider[], more: Partial<ChatRequest>): Promise<string> =>
  (await collect(failover(members).stream({ ...REQUEST, ...more }))).provider

describe('what a member can take', () => {
  const blind = informed('blind', { models: [{ id: 'm', inputs: ['text'], tools: true }] })
  const seeing = informed('seeing', { models: [{ id: 'm', inputs: ['text', 'image'], tools: true }] })
  const messages = (content: Extract<Message, { role: 'tool' }>['content']): Message[] => [
    ...REQUEST.messages,
    { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'look', input: '{}' }] },
    { role: 'tool', toolCallId: '1', content },
  ]

  it('is also a matter of the images in the results of tools', async () => {
    const image = messages([{ type: 'image', url: 'https://images.example/1.png' }])
    expect(await answeredBy([blind, seeing], { messages: image })).toBe('seeing')
    expect(() => failover([blind]).stream({ ...REQUEST, messages: image })).toThrow('blind: m reads no images')
  })

  it('is not a matter of parts that are text, reasoning, calls or native to a dialect', async () => {
    const parts = messages([
      { type: 'text', text: 'a tree' },
      { type: 'native', dialect: 'gemini', value: {} },
    ])
    expect(await answeredBy([blind, seeing], { messages: parts })).toBe('blind')
  })

  it('is a tool of its own dialect', async () => {
    const tools: ChatRequest['tools'] = [{ type: 'native', dialect: 'gemini', value: { googleSearch: {} } }]
    const other = informed('other', { extraKeys: ['openai-chat', 'other'] })
    const own = informed('own', { extraKeys: ['gemini', 'own'] })
    expect(await answeredBy([other, own], { tools })).toBe('own')
    expect(await answeredBy([failover([other]), failover([other, own])], { tools })).toBe('own')
    expect(() => failover([other]).stream({ ...REQUEST, tools })).toThrow('other has no tools of the dialect "gemini".')
    // Of a provider that does not say what it speaks, nothing is known.
    expect(await answeredBy([informed('silent', {}), own], { tools })).toBe('silent')
    expect(await answeredBy([failover([other, informed('silent', {})])], { tools })).toBe('silent')
  })
})

describe('a conversation with the reasoning of another author', () => {
  const messages: Message[] = [
    ...REQUEST.messages,
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'hm', signature: 'abc' },
        { type: 'text', text: 'Yes' },
      ],
      origin: { provider: 'a', model: 'm' },
    },
    { role: 'user', content: 'Go on' },
  ]

  it('is answered with a start that names what was left out, after what the member names itself', async () => {
    const start: ChatEvent = { type: 'start', provider: 'b', model: 'm', dropped: ['topK'] }
    const b: Provider = {
      ...member('b'),
      async *stream() {
        yield start
        yield text('x')
        yield finish
      },
    }
    const a = member('a', [failure('network')])
    const events = await eventsOf(failover([a, failover([b])]).stream({ ...REQUEST, messages }))
    expect(events).toEqual([{ ...start, dropped: ['topK', 'reasoning of another model'] }, text('x'), finish])
  })

  it('is its own author’s as it was, with nothing to name', async () => {
    const [start] = await eventsOf(failover([member('a', [text('x'), finish])]).stream({ ...REQUEST, messages }))
    expect(start).not.toHaveProperty('dropped')
  })
})

describe('the request of a client, as it came', () => {
  const native: ChatRequest['native'] = {
    dialect: 'openai-chat',
    text: '{"model":"m"}',
    body: { model: 'm' },
    headers: {},
    unnamed: [],
  }
  const broken = (): Member => member('broken', [text('Hello'), failure('truncated')])
  const next = (): Member => {
    const made = member('next', [text(' world'), finish])
    return { ...made, info: { ...made.info, prefill: true } }
  }

  it('goes to each member, also when something of the conversation was left out, and when an answer restarts', async () => {
    const members = [broken(), next()]
    const messages: Message[] = [
      { role: 'user', content: 'Hello' },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm' },
          { type: 'text', text: 'Yes' },
        ],
        origin: { provider: 'a', model: 'm' },
      },
      { role: 'user', content: 'Go on' },
    ]
    await collect(failover(members, { onBreak: 'restart' }).stream({ ...REQUEST, messages, native }))
    for (const { requests } of members) expect(requests[0]?.native).toEqual(native)
  })

  it('does not go to a member that continues an answer', async () => {
    const members = [broken(), next()]
    const group = failover(members, { onBreak: 'continue' })
    const asked = { ...REQUEST, native: { ...native, unnamed: ['service_tier'] } }
    const { dropped } = await collect(group.stream(asked))
    // Its fields that have no name in a request are named as left out.
    expect(dropped).toEqual(['service_tier'])
    expect(members[0]?.requests[0]?.native).toEqual(asked.native)
    expect(members[1]?.requests[0]).not.toHaveProperty('native')
  })

  it.each([{ n: 2 }, { logprobs: true }])(
    'is not continued when its body asks for more than one text: %j',
    async (body) => {
      const group = failover([broken(), next()], { onBreak: 'continue' })
      const read = collect(group.stream({ ...REQUEST, native: { ...native, body } }))
      await expect(read).rejects.toMatchObject({ code: 'truncated' })
    },
  )
})

it('the frames of a member that continues an answer are marked as mended: they belong to another one', async () => {
  const frame = (data: string): ChatEvent => ({ type: 'raw', dialect: 'openai-chat', label: 'as-is', data })
  const broken = member('broken', [frame('1'), text('Hello'), failure('truncated')])
  const next = member('next', [frame('2'), text(' wor'), frame('3'), text('ld'), frame('4'), finish])
  const members = [broken, { ...next, info: { ...next.info, prefill: true } }]
  const events = await eventsOf(failover(members, { onBreak: 'continue' }).stream(REQUEST, { raw: true }))
  expect(events.flatMap((event) => (event.type === 'raw' ? [[event.data, event.label]] : []))).toEqual([
    ['1', 'as-is'],
    ['2', 'mended'],
    ['3', 'mended'],
    ['4', 'mended'],
  ])
})
