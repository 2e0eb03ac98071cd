import type { SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { ChatResult } from '@rivulet/core'
import { KEY, withoutUndefined } from '../metadata.ts'
import { usageFacts } from '../usage.ts'

/** What an answer says that the AI SDK has no field for: who has given it, what of the request was left out, what it cost. */
export function answerMetadata({
  provider,
  model,
  dropped = [],
  usage,
  skipped,
}: Pick<ChatResult, 'provider' | 'model' | 'dropped' | 'usage' | 'skipped'>): SharedV4ProviderMetadata {
  const facts = usage && usageFacts(usage)
  const hasFacts = facts !== undefined && Object.keys(facts).length > 0
  return {
    [KEY]: withoutUndefined({
      provider,
      model,
      dropped: dropped.length > 0 ? [...dropped] : undefined,
      usage: hasFacts ? facts : undefined,
      skipped,
    }),
  }
}
