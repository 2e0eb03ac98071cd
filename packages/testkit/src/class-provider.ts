import assert from 'node:assert/strict'
import {
  type ChatEvent,
  type ChatRequest,
  collect,
  type EmbedRequest,
  type EmbedResult,
  type Model,
  type Provider,
  type ProviderInfo,
} from '@rivulet/core'

/**
 * A provider that is a class, with nothing that a spread would copy: its members are getters and methods of the prototype,
 * its state is private. It serves the model `'m'`.
 */
export function classProvider(id = 'local'): Provider {
  return new ClassProvider(id)
}

class ClassProvider implements Provider {
  readonly #id: string
  readonly #models: Model[] = [{ id: 'm' }]

  constructor(id: string) {
    this.#id = id
  }

  get id(): string {
    return this.#id
  }

  get info(): ProviderInfo {
    return { name: 'Local', url: '', auth: 'none', streaming: true, models: this.#models, settings: [] }
  }

  async *stream({ model }: ChatRequest): AsyncGenerator<ChatEvent> {
    yield { type: 'start', provider: this.#id, model }
    yield { type: 'text', text: `Hello from ${this.#id}` }
    yield { type: 'finish', reason: 'stop' }
  }

  async models(): Promise<Model[]> {
    return this.#models
  }

  async embed({ input }: EmbedRequest): Promise<EmbedResult> {
    return { vectors: input.map((text) => [text.length, this.#id.length]) }
  }
}

/**
 * The members of a provider that a layer or a group has lost, for one that was put around {@link classProvider}: none when
 * it delegates, every one when it spreads. A group has an id and a name of its own.
 *
 * @example
 * expect(await lostMembers(pipe(classProvider(), retry()))).toEqual([])
 */
export async function lostMembers(provider: Provider): Promise<(keyof Provider)[]> {
  const inner = classProvider()
  const embedding: EmbedRequest = { model: 'm', input: ['Hello'] }
  const holds: Record<keyof Provider, () => unknown> = {
    id: () => {
      assert.match(provider.id, /./)
    },
    info: () => {
      assert.deepEqual(
        provider.info.models.map(({ id }) => id),
        ['m'],
      )
    },
    stream: async () => {
      const { text } = await collect(provider.stream({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] }))
      assert.equal(text, 'Hello from local')
    },
    models: async () => {
      const models = (await provider.models?.()) ?? []
      assert.deepEqual(
        models.map(({ id }) => id),
        ['m'],
      )
    },
    embed: async () => {
      assert.deepEqual(await provider.embed?.(embedding), await inner.embed?.(embedding))
    },
  }
  const lost: (keyof Provider)[] = []
  // The keys of a record of members are their names: Object.keys only forgets it.
  for (const name of Object.keys(holds) as (keyof Provider)[]) {
    try {
      await holds[name]()
    } catch {
      lost.push(name)
    }
  }
  return lost
}
