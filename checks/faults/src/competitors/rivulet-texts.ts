import { textOf } from '@rivulet/core'
import { factoryOf } from '../factory.ts'

/** As short as the other libraries have them. */
const DEADLINES = { connectMs: 1_500, firstTokenMs: 1_500, idleMs: 1_500, totalMs: 4_000 }

/** Rivulet under the same test as its competitors, used as in the first example of its README. */
export const textsBy = (id: string, model: string) =>
  async function* (baseUrl: string, signal: AbortSignal): AsyncGenerator<string> {
    const make = await factoryOf(id)
    const provider = make({ baseUrl, apiKey: 'sk-competitor', deadlines: DEADLINES })
    yield* textOf(provider.stream({ model, messages: [{ role: 'user', content: 'Hello' }] }, { signal }))
  }
