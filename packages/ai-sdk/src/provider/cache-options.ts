import type { SharedV4ProviderOptions } from '@ai-sdk/provider'
import type { CacheMark } from '@rivulet/core'
import { KEY } from '../metadata.ts'

/** A mark for the prompt cache, in the words of the vendors whose cache is opt-in, and in our own. */
export function cacheOptions(cache: CacheMark | undefined): { providerOptions?: SharedV4ProviderOptions } {
  if (cache === undefined) return {}
  const cacheControl = cache === true ? { type: 'ephemeral' } : { type: 'ephemeral', ttl: cache }
  return { providerOptions: { anthropic: { cacheControl }, [KEY]: { cache } } }
}
