/** A route for a chat page, in the form that frameworks of the web platform take: a `Request` in, a `Response` out. */
import { chatRequest, type Provider, toResponse } from '@rivulet/core'

/** @param models Those that the page may ask; the first is the default. */
export function chatRoute(provider: Provider, models: readonly string[]) {
  return (incoming: Request): Promise<Response> =>
    toResponse(async () => {
      const request = chatRequest(await incoming.text(), { models })
      return provider.stream(request, { signal: incoming.signal, unsupported: 'drop' })
    })
}
