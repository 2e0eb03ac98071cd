import type { ChatEvent } from '../chat.ts'
import { ChatError } from '../errors.ts'
import type { DecodedEvent, Opened, Protocol } from '../protocol.ts'
import type { CallOptions, Model } from '../provider.ts'
import type { Endpoint } from './endpoint.ts'
import type { OutgoingRequest } from './outgoing-request.ts'

/** A request at an endpoint, and what reads its answer. */
export interface Exchange {
  endpoint: Endpoint
  model: string
  /** Those that the provider lists: a name that the endpoint does not know may be near one. */
  models?: readonly Model[] | undefined
  protocol: Omit<Protocol, 'open'>
  /** The request and the decoder of its answer; or why it can't be sent, which is the failure of the stream. */
  opened: OpenedRequest | ChatError
  call: CallOptions | undefined
}

interface OpenedRequest extends Pick<Opened, 'decode'> {
  outgoing: OutgoingRequest
  dropped: readonly string[]
}

export type StartEvent = Extract<DecodedEvent, { type: 'start' }>

/** The start of an answer: what the decoder says of it, and of the request what was left out. */
export function startOf({ endpoint, opened, model: asked }: Exchange, event: Partial<StartEvent> = {}): ChatEvent {
  const { provider = endpoint.id, model = asked, id, dropped: others = [] } = event
  const dropped = opened instanceof ChatError ? others : opened.dropped.concat(others)
  const start: ChatEvent = { type: 'start', provider, model }
  if (id !== undefined) start.id = id
  if (dropped.length > 0) start.dropped = dropped
  return start
}
