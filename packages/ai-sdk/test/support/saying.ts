import type { CallOptions, ChatEvent, ChatRequest, Provider, ProviderInfo } from '@rivulet/core'
import { chatStream } from '@rivulet/core/provider'

/** What a provider was asked. */
export interface Asked {
  request: ChatRequest
  call: CallOptions
}

/** A provider that gives these reads, or fails with them, whatever it is asked; `asked` has what it was asked. */
export function saying(
  reads: readonly (readonly ChatEvent[] | Error)[],
  info: Partial<ProviderInfo> = {},
): Provider & { asked: Asked[]; closed: number } {
  const provider: Provider & { asked: Asked[]; closed: number } = {
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
    stream(request, call = {}) {
      provider.asked.push({ request, call })
      return chatStream(call.signal, () => {
        let at = 0
        return {
          async next() {
            const read = reads[at++]
            if (read === undefined) return { done: true, value: undefined }
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
