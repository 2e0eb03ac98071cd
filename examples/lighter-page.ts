/** For a page that must load quickly: the provider, and what reads its answers, are loaded with the first question. */
import type { Message } from '@rivulet/core'

let loading: ReturnType<typeof load> | undefined

async function load(baseUrl: string) {
  const [{ lockchat }, { textOf }] = await Promise.all([import('@rivulet/provider-lockchat'), import('@rivulet/core')])
  return { provider: lockchat({ baseUrl }), textOf }
}

/** Call it when the reader begins to type, so that the first question finds everything loaded. */
export function prepare(baseUrl: string): ReturnType<typeof load> {
  loading ??= load(baseUrl).catch((error: unknown) => {
    loading = undefined // The network failed: the next question tries again.
    throw error
  })
  return loading
}

export async function* answer(baseUrl: string, messages: readonly Message[]): AsyncGenerator<string, undefined> {
  const { provider, textOf } = await prepare(baseUrl)
  yield* textOf(provider.stream({ model: 'gpt-4', messages }))
}
