/** What of a request survives the way from a client of one dialect to an endpoint of another. */

import { isDeepStrictEqual } from 'node:util'
import { ChatError, type ChatRequest, collect, type HttpRequest } from '@rivulet/core'
import type { EncodedRequest, IncomingCall } from '@rivulet/core/provider'
import type { Simulator } from '@rivulet/simulator'
import { DIALECTS, type DialectSides } from './dialects.ts'
import { type Field, FIELDS, QUESTION } from './fields.ts'
import { recordingTransport } from './recording.ts'

/** What became of a field on one way. */
export type Outcome =
  /** The client's dialect has no word for it. */
  | { kind: 'no word' }
  | { kind: 'survives'; dropped: readonly string[] }
  /** It is not there, and the answer says so. */
  | { kind: 'left out'; dropped: readonly string[] }
  /** Nothing is sent: a group asks its next member. */
  | { kind: 'refused'; message: string }
  /** It is not there, and nothing says so: a fault. */
  | { kind: 'lost'; message: string }

export interface Way {
  field: string
  from: string
  to: string
  outcome: Outcome
}

/** Sends every field every way; the endpoints are the simulator's, which refuse what their vendors refuse. */
export async function allWays(sim: Simulator): Promise<Way[]> {
  const ways: Way[] = []
  for (const from of DIALECTS) {
    for (const field of FIELDS) {
      const received = receive(from, field)
      for (const to of DIALECTS) {
        const outcome: Outcome = received === undefined ? { kind: 'no word' } : await send(sim, received, field, to)
        ways.push({ field: field.name, from: from.name, to: to.name, outcome })
      }
    }
  }
  return ways
}

const wholeRequest = ({ request }: Field, model: string): ChatRequest => ({ messages: [QUESTION], ...request, model })

/** The request as a server reads it from a client; `undefined` if the client's dialect has no word for the field. */
function receive({ client, server, model }: DialectSides, field: Field): ChatRequest | undefined {
  const sent = wholeRequest(field, model)
  let http: EncodedRequest
  try {
    http = client.open(sent).http
  } catch (error) {
    if (error instanceof ChatError && error.code === 'unsupported') return undefined
    throw error
  }
  const { request } = server.read(incoming(http))
  return isDeepStrictEqual(field.pick(request), field.pick(sent)) ? request : undefined
}

async function send(sim: Simulator, received: ChatRequest, field: Field, to: DialectSides): Promise<Outcome> {
  const { transport, requests } = recordingTransport()
  const provider = to.provider({ apiKey: 'key-of-the-check', baseUrl: sim.baseUrl(to.simulated), transport })
  try {
    const result = await collect(provider.stream({ ...received, model: to.model }, { unsupported: 'drop' }))
    const sent = requests[0]
    if (sent === undefined) return { kind: 'lost', message: 'nothing was sent' }
    const { request } = to.server.read(incomingFrom(sent, sim.baseUrl(to.simulated)))
    const { dropped = [] } = result
    if (isDeepStrictEqual(field.pick(request), field.pick(received))) return { kind: 'survives', dropped }
    if (dropped.length > 0) return { kind: 'left out', dropped }
    return { kind: 'lost', message: `sent ${shown(field.pick(received))}, arrived ${shown(field.pick(request))}` }
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    if (error.code === 'unsupported' && requests.length === 0) return { kind: 'refused', message: error.message }
    return { kind: 'lost', message: `the endpoint refuses the request: ${error.message}` }
  }
}

const shown = (value: unknown): string => JSON.stringify(value).slice(0, 200)

const incoming = ({ path, body, json, headers }: EncodedRequest): IncomingCall => ({
  ...splitPath(path),
  headers,
  body: json ?? JSON.stringify(body),
})

const incomingFrom = ({ url, headers, body }: HttpRequest, baseUrl: string): IncomingCall => ({
  ...splitPath(url.slice(baseUrl.length)),
  headers,
  body: typeof body === 'string' ? body : '',
})

function splitPath(path: string): { path: string; query: Record<string, string> } {
  const url = new URL(path, 'http://client.example')
  return { path: url.pathname, query: Object.fromEntries(url.searchParams) }
}
