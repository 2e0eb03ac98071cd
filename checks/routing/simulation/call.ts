import type { ChatRequest, Clock, Provider } from '@rivulet/core'
import { batchesOf, isContent } from '@rivulet/core/provider'

const REQUEST: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }

/** One call, to its end. Gives its time to first content, or `undefined` when it failed. */
export async function callOf(provider: Provider, clock: Clock): Promise<number | undefined> {
  const begun = clock.now()
  const batches = batchesOf(provider.stream(REQUEST))
  let firstMs: number | undefined
  try {
    for (let read = await batches.next(); read.done !== true; read = await batches.next()) {
      if (firstMs === undefined && read.value.some(isContent)) firstMs = clock.now() - begun
    }
    return firstMs
  } catch {
    return undefined
  }
}
