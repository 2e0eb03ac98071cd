import type { HttpRequest, Transport } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** A transport that keeps what it sends. */
export interface RequestRecorder {
  readonly transport: Transport
  /** Oldest first. The list is live. */
  readonly sent: readonly HttpRequest[]
  /**
   * The body that was sent last.
   *
   * @throws TypeError when it is not a JSON object, or when nothing was sent.
   */
  readonly lastBody: () => Record<string, unknown>
}

/**
 * Keeps the requests that go through a transport, and changes nothing.
 *
 * @example
 * const { transport, sent } = recordRequests(fetchTransport())
 * await collect(acme({ transport }).stream(request))
 * expect(sent[0]?.headers).toHaveProperty('x-api-key')
 */
export function recordRequests(transport: Transport): RequestRecorder {
  const sent: HttpRequest[] = []
  return {
    transport: (request, options) => {
      sent.push(request)
      return transport(request, options)
    },
    sent,
    lastBody() {
      const last = sent.at(-1)
      const body: unknown = last?.body === undefined ? undefined : JSON.parse(last.body)
      if (!isRecord(body)) {
        throw new TypeError(`recordRequests: ${last ? 'the last body is not a JSON object' : 'nothing was sent'}.`)
      }
      return body
    },
  }
}
