import { expect, test } from 'vitest'
import { describeProvider, type Provider } from '../../src/provider.ts'
import { settings } from '../../src/check/settings.ts'
import { info } from '../support/providers.ts'

const saying = (provider: Partial<Provider['info']>): Provider => ({
  id: 'lockchat',
  stream: () => {
    throw new Error('nobody asks')
  },
  info: { ...info, name: 'Lockchat', ...provider },
})

test('model and messages are always there, and fields are told in one order', () => {
  expect(settings({ temperature: 0.7, stream: undefined })).toEqual([
    { name: 'model', type: 'string' },
    { name: 'messages', type: 'Message[]' },
    { name: 'stream', type: 'boolean' },
    { name: 'temperature', type: 'number', default: 0.7 },
  ])
})

test('a provider describes itself in a line', () => {
  expect(describeProvider(saying({ settings: settings({ temperature: 0.7, stream: undefined }) }))).toBe(
    'Lockchat supports: (model: string, messages: Message[], stream: boolean, temperature: number = 0.7)',
  )
  expect(describeProvider(saying({ settings: settings({}) }))).toBe(
    'Lockchat supports: (model: string, messages: Message[])',
  )
})

test('every field has a type that a reader of TypeScript knows', () => {
  const every = settings({
    reasoning: 'low',
    responseFormat: undefined,
    toolChoice: undefined,
    tools: undefined,
    frequencyPenalty: 0,
    presencePenalty: undefined,
    seed: undefined,
    stop: undefined,
    maxTokens: 100,
    topP: undefined,
    temperature: undefined,
    stream: true,
  })
  expect(describeProvider(saying({ name: 'All', settings: every }))).toBe(
    'All supports: (model: string, messages: Message[], stream: boolean = true, temperature: number, topP: number, ' +
      'maxTokens: number = 100, stop: string[], seed: number, presencePenalty: number, frequencyPenalty: number = 0, ' +
      'tools: Tool[], toolChoice: ToolChoice, responseFormat: ResponseFormat, reasoning: ReasoningEffort = "low")',
  )
})
