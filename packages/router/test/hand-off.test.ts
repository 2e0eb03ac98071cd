import {
  type AssistantMessage,
  type AssistantPart,
  collect,
  type Message,
  type NativePart,
  type Origin,
  pipe,
  type ReasoningPart,
  withModel,
} from '@rivulet/core'
import { callsOf, partsOf, textOfParts } from '@rivulet/core/provider'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failover, handOff, type ToolCallIds } from '../src/index.ts'
import { finish, member, REQUEST, text } from './support/members.ts'

const thought: ReasoningPart = { type: 'reasoning', text: 'hm', signature: 'abc' }
const native: NativePart = { type: 'native', dialect: 'gemini', value: { executableCode: {} } }
const said: AssistantPart[] = [
  thought,
  { type: 'text', text: 'Yes', signature: 'def' },
  native,
  { type: 'tool-call', id: '1', name: 'weather', input: '{}', signature: 'ghi' },
]
const origin = (provider: string, model = 'm'): Origin => ({ provider, model })
const turn = (by?: Origin, content: AssistantMessage['content'] = said): AssistantMessage => ({
  role: 'assistant',
  content,
  ...(by !== undefined && { origin: by }),
})
const call = (id: string): Message[] => [
  { role: 'assistant', content: [{ type: 'tool-call', id, name: 'weather', input: '{}' }] },
  { role: 'tool', toolCallId: id, content: 'fine' },
]
const idsOf = (messages: readonly Message[]): string[] =>
  messages.flatMap((message) => {
    if (message.role === 'assistant') return callsOf(message).map(({ id }) => id)
    return message.role === 'tool' ? [message.toolCallId] : []
  })

describe('what only its author understands', () => {
  it('is left out for another provider: reasoning, and the signatures of texts and calls', () => {
    expect(handOff([turn(origin('a'))], { id: 'b' })).toEqual([
      turn(origin('a'), [
        { type: 'text', text: 'Yes' },
        native,
        { type: 'tool-call', id: '1', name: 'weather', input: '{}' },
      ]),
    ])
  })
  it('stays for its author, and without an origin', () => {
    const messages = [turn(origin('b')), turn()]
    expect(handOff(messages, { id: 'b' })).toBe(messages)
  })
  it('is left out for another model of the provider, where the receiver names its model; a release is no other model', () => {
    const messages = [turn(origin('b', 'm-2025-08-07'))]
    expect(handOff(messages, { id: 'b', model: 'm' })).toBe(messages)
    expect(handOff(messages, { id: 'b', model: 'n' })).not.toBe(messages)
  })
  it('takes its turn along when nothing else is in it', () => {
    const question: Message = { role: 'user', content: 'Well?' }
    expect(handOff([question, turn(origin('a'), [thought])], { id: 'b' })).toEqual([question])
  })
})

describe('ids of tool calls', () => {
  const nine: ToolCallIds = { characters: 'alphanumeric', minLength: 9, maxLength: 9 }
  it('are rewritten where the receiver demands a form, in the call and in its result', () => {
    const handed = handOff(call('call_abc.def'), { id: 'b', toolCallIds: nine })
    const [one, two] = idsOf(handed)
    expect(one).toMatch(/^[a-z0-9]{9}$/i)
    expect(two).toBe(one)
  })
  it('stay when they have it, and when none is demanded', () => {
    const messages = call('abcdefgh1')
    expect(handOff(messages, { id: 'b', toolCallIds: nine })).toBe(messages)
    const odd = call('§ 1')
    expect(handOff(odd, { id: 'b' })).toBe(odd)
  })
  it('never become equal', () => {
    const many = Array.from({ length: 300 }, (_, index) => call(`call:${index}`)).flat()
    expect(new Set(idsOf(handOff(many, { id: 'b', toolCallIds: nine }))).size).toBe(300)
  })
  it('not even with one that has the form already', () => {
    const [name = ''] = idsOf(handOff(call('§1'), { id: 'b', toolCallIds: nine }))
    const ids = idsOf(handOff([...call('§1'), ...call(name)], { id: 'b', toolCallIds: nine }))
    expect(ids[2]).toBe(name)
    expect(new Set(ids).size).toBe(2)
  })
  it('need room', () => {
    expect(() => handOff(call('a b'), { id: 'b', toolCallIds: { characters: 'word', maxLength: 4 } })).toThrow(
      /at least 8/,
    )
  })
})

const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze)
  return value
}
const id = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('call_1', 'abcdefgh1', 'a-b_c', '', 'ü', '42'))
const part: fc.Arbitrary<AssistantPart> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: fc.string() }),
  fc.record({ type: fc.constant('tool-call' as const), id, name: fc.constant('f'), input: fc.constant('{}') }),
  fc.constantFrom(...said),
)
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constantFrom('system', 'user'), content: fc.string() }),
  fc.record(
    {
      role: fc.constant('assistant' as const),
      content: fc.oneof(fc.string(), fc.array(part, { maxLength: 4 })),
      origin: fc.constantFrom(origin('a'), origin('b')),
    },
    { requiredKeys: ['role', 'content'] },
  ),
  fc.record({ role: fc.constant('tool' as const), toolCallId: id, content: fc.string() }),
)
const form: fc.Arbitrary<ToolCallIds | undefined> = fc.constantFrom(
  undefined,
  { characters: 'alphanumeric', minLength: 9, maxLength: 9 },
  { characters: 'word', maxLength: 40 },
  { characters: 'alphanumeric' },
)

const textOf = (each: Message): string => textOfParts(partsOf(each))

describe('whatever the conversation', () => {
  it('nothing is mutated; twice is once; calls and answers still belong together; ids stay apart and have the form', () => {
    const property = fc.property(fc.array(message, { maxLength: 12 }), form, (messages, toolCallIds) => {
      const to = { id: 'b', ...(toolCallIds !== undefined && { toolCallIds }) }
      const handed = handOff(freeze(messages), to)
      expect(handOff(freeze(handed), to)).toBe(handed)
      const [before, after] = [idsOf(messages), idsOf(handed)]
      expect(after.map((each) => after.indexOf(each))).toEqual(before.map((each) => before.indexOf(each)))
      if (toolCallIds?.minLength === 9) for (const each of after) expect(each).toMatch(/^[a-z0-9]{9}$/i)
      expect(handed.map(textOf).join('')).toBe(messages.map(textOf).join(''))
      for (const each of handed) {
        if (each.role !== 'assistant' || each.origin?.provider !== 'a') continue
        for (const one of partsOf(each)) {
          expect(one.type).not.toBe('reasoning')
          expect(one).not.toHaveProperty('signature')
        }
      }
    })
    fc.assert(property, { numRuns: 1000 })
  })
})

describe('a group', () => {
  it('hands a conversation off to each member, also through groups and layers', async () => {
    const [a, b] = [member('a', [finish]), member('b', [text('x'), finish])]
    const inner = pipe(failover([b]), withModel('m'))
    await collect(failover([a, inner]).stream({ ...REQUEST, messages: [...REQUEST.messages, turn(origin('b'))] }))
    expect(a.requests[0]?.messages[1]?.content).not.toContainEqual(thought)
    expect(b.requests[0]?.messages[1]?.content).toContainEqual(thought)
  })
  it('leaves a conversation that needs nothing as it is', async () => {
    const one = member('a', [text('x'), finish])
    await collect(failover([one]).stream(REQUEST))
    expect(one.requests[0]).toEqual(REQUEST)
  })
})
