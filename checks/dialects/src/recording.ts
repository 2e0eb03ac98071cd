import type { HttpRequest, Transport } from '@rivulet/core'
import { fetchTransport } from '@rivulet/core/fetch'

/** A transport that sends, and keeps what it sent, oldest first. */
export function recordingTransport(): { transport: Transport; requests: readonly HttpRequest[] } {
  const requests: HttpRequest[] = []
  const send = fetchTransport()
  const transport: Transport = (request, options) => {
    requests.push(request)
    return send(request, options)
  }
  return { transport, requests }
}
