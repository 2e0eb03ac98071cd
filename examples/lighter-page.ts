/** For a page that must load quickly: the provider is loaded with the first question. Types cost nothing. */
import type { Message, Provider } from '@rivulet/core'

let loading: Promise<Provider> | undefined

/** Call it when the reader begins to type, so that the first question finds the provider loaded. */
export function prepare(baseUrl: string): Promise<Provider> {
  loading ??= import('@rivulet/provider-lockchat').then(
    ({ lockchat }) => lockchat({ baseUrl }),
    (error: unknown) => {
      loading = undefined // The network failed: the next question tries again.
      throw error
    },
  )
  return loading
}

export async function* answer(baseUrl: string, messages: readonly Message[]): AsyncGenerator<string, undefined> {
  const provider = await prepare(baseUrl)
  for await (const event of provider.stream({ model: 'gpt-4', messages })) {
    if (event.type === 'text') yield event.text
  }
}
