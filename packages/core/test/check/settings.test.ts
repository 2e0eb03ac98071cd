import { expect, test } from 'vitest'
import { describeProvider, type Provider } from '../../src/provider.ts'
import { settings } from '../../src/check/settings.ts'
import { info } from '../support/providers.ts'

const providerWith = (facts: Partial<Provider['info']>): Provider => ({
  id: 'lockchat',
  stream: () => {
    throw new Error('not called')
  },
  info: { ...info, name: 'Lockchat', ...facts },
})

test('model and messages are always listed, and the order of fields is fixed', () => {
  expect(settings({ temperature: 0.7, stream: undefined })).toEqual([
    { name: 'model', type: 'string' },
    { name: 'messages', type: 'Message[]' },
    { name: 'stream', type: 'boolean' },
    { name: 'temperature', type: 'number', default: 0.7 },
  ])
})

test('a provider describes itself in a line', () => {
  expect(describeProvider(providerWith({ settings: settings({ temperature: 0.7, stream: undefined }) }))).toBe(
    'Lockchat supports: (model: string, messages: Message[], stream: boolean, temperature: number = 0.7)',
  )
  expect(describeProvider(providerWith({ settings: settings({}) }))).toBe(
    'Lockchat supports: (model: string, messages: Message[])',
  )
})

test('every field has a TypeScript type', () => {
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
  expect(describeProvider(providerWith({ name: 'All', settings: every }))).toBe(
    'All supports: (model: string, messages: Message[], stream: boolean = true, temperature: number, topP: number, ' +
      'maxTokens: number = 100, stop: string[], seed: number, presencePenalty: number, frequencyPenalty: number = 0, ' +
      'tools: Tool[], toolChoice: ToolChoice, responseFormat: ResponseFormat, reasoning: ReasoningEffort = "low")',
  )
})
