import { expect, test } from 'vitest'
import type { ChatEvent, ChatRequest } from '../../src/chat.ts'
import { deadlines } from '../../src/layers/deadlines.ts'
import { observe } from '../../src/layers/observe.ts'
import { recordExchanges } from '../../src/layers/record-exchanges.ts'
import { retry } from '../../src/layers/retry.ts'
import { withModel } from '../../src/layers/with-model.ts'
import { wrap } from '../../src/layers/wrap.ts'
import type { EmbedRequest, EmbedResult, Layer, Model, Provider, ProviderInfo } from '../../src/provider.ts'
import { collect } from '../../src/reading/collect.ts'
import { estimateUsage } from '../../src/reading/estimate.ts'
import { finish, hello, info, local, textEvent, start } from '../support/providers.ts'

/** A provider that is a class, with nothing that a spread would copy: getters, methods of its prototype, private fields. */
class Local implements Provider {
  readonly #id = 'local'
  readonly #info = info
  readonly #models: Model[] = [{ id: 'm1' }]

  get id(): string {
    return this.#id
  }

  get info(): ProviderInfo {
    return this.#info
  }

  async *stream(request: ChatRequest): AsyncGenerator<ChatEvent> {
    yield start
    yield textEvent(`${this.#id} ${request.model}`)
    yield finish
  }

  async models(): Promise<Model[]> {
    return this.#models
  }

  async embed({ input }: EmbedRequest): Promise<EmbedResult> {
    return { vectors: input.map((text) => [text.length + this.#models.length]) }
  }
}

/** What every member of a provider gives, or why it gives nothing. */
async function membersOf(provider: Provider): Promise<Record<keyof Provider, unknown>> {
  const given = async (ask: () => unknown): Promise<unknown> => {
    try {
      return await ask()
    } catch (error) {
      return error
    }
  }
  return {
    id: await given(() => provider.id),
    info: await given(() => provider.info),
    stream: await given(async () => (await collect(provider.stream(hello))).text),
    models: await given(() => provider.models?.()),
    embed: await given(() => provider.embed?.({ model: 'm1', input: ['Hello'] })),
  }
}

const LAYERS: Readonly<Record<string, Layer>> = {
  'wrap()': (next) => wrap(next, {}),
  deadlines: deadlines(),
  retry: retry(),
  withModel: withModel({ best: 'm1' }),
  observe: observe({}),
  recordExchanges: recordExchanges({ to: () => undefined }),
  estimateUsage: estimateUsage({ countTokens: (text) => text.length }),
}

test.each(Object.entries(LAYERS))('a provider that is a class keeps every member through %s', async (_, layer) => {
  expect(await membersOf(layer(new Local()))).toEqual({
    id: 'local',
    info,
    stream: 'local m1',
    models: [{ id: 'm1' }],
    embed: { vectors: [[6]] },
  })
})

test('a layer that spreads loses every member', async () => {
  const spreading: Layer = (next) => ({ ...next })
  const kept = await membersOf(spreading(new Local()))
  expect(kept).toMatchObject({ id: undefined, info: undefined, models: undefined, embed: undefined })
  expect(kept.stream).toBeInstanceOf(TypeError)
})

test.each(Object.entries(LAYERS))('%s adds no member that the provider does not have', (_, layer) => {
  const wrapped = layer(
    local(async function* () {
      yield finish
    }),
  )
  expect('models' in wrapped).toBe(false)
  expect('embed' in wrapped).toBe(false)
})

test('id and info are asked of the provider each time', () => {
  let models: Model[] = []
  const provider: Provider = {
    ...local(async function* () {
      yield finish
    }),
    get info() {
      return { ...info, models }
    },
  }
  const wrapped = wrap(provider, {})
  models = [{ id: 'new' }]
  expect(wrapped.info.models).toEqual([{ id: 'new' }])
})
