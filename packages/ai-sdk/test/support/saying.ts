import type { CallOptions, ChatEvent, ChatRequest, Provider, ProviderInfo } from '@rivulet/core'
import { chatStream } from '@rivulet/core/provider'

/** What a provider was asked. */
interface Asked {
  request: ChatRequest
  call: CallOptions
}

/** A provider that says what has become of its answers. */
interface Saying extends Provider {
  asked: Asked[]
  /** How many were closed before their end. */
  closed: number
  /** How many were read to their end. */
  ended: number
}

/** A provider that gives these reads, or fails with them, whatever it is asked; `asked` has what it was asked. */
export function saying(reads: readonly (readonly ChatEvent[] | Error)[], info: Partial<ProviderInfo> = {}): Saying {
  const provider: Saying = {
    id: 'river',
    info: {
      name: 'River',
      url: 'https://river.example',
      auth: 'none',
      streaming: true,
      models: [{ id: 'm' }],
      settings: [],
      ...info,
    },
    asked: [],
    closed: 0,
    ended: 0,
    stream(request, call = {}) {
      provider.asked.push({ request, call })
      return chatStream(call.signal, () => {
        let at = 0
        return {
          async next() {
            const read = reads[at++]
            if (read === undefined) {
              provider.ended++
              return { done: true, value: undefined }
            }
            if (read instanceof Error) throw read
            return { done: false, value: read }
          },
          close() {
            provider.closed++
          },
        }
      })
    },
  }
  return provider
}
