import type { ChatEvent, Provider } from '@rivulet/core'
import { rivulet } from 'rivulet'
import type { Work } from '../contender.ts'

/** The cost of finding the provider of a model in a catalog of this size: a call whose answer is immediate. */

const PROVIDERS = 10

const EVENTS: readonly ChatEvent[] = [
  { type: 'start', provider: 'bench', model: 'model' },
  { type: 'text', text: 'Hello' },
  { type: 'finish', reason: 'stop' },
]

function member(index: number, models: number): Provider {
  return {
    id: `provider-${index}`,
    info: {
      name: `Provider ${index}`,
      url: 'http://127.0.0.1',
      auth: 'none',
      streaming: true,
      models: Array.from({ length: models }, (_, model) => ({ id: `model-${index}-${model}` })),
      settings: [],
    },
    async *stream() {
      yield* EVENTS
    },
  }
}

const made = new Map<number, Provider>()

function groupOf(size: number): Provider {
  const known = made.get(size)
  if (known !== undefined) return known
  const each = Math.ceil(size / PROVIDERS)
  const group = rivulet({ providers: Array.from({ length: PROVIDERS }, (_, index) => member(index, each)) })
  made.set(size, group)
  return group
}

export const ours: Work = async ({ size, times }) => {
  const group = groupOf(size)
  const model = `model-${PROVIDERS - 1}-${Math.ceil(size / PROVIDERS) - 1}`
  let text = ''
  for (let time = 0; time < times; time++) {
    text = ''
    for await (const event of group.stream({ model, messages: [{ role: 'user', content: 'Hello' }] })) {
      if (event.type === 'text') text += event.text
    }
  }
  return () => text
}
