import {
  type ChatRequest,
  pipe,
  type Provider,
  type ProviderOptions,
  recordExchanges,
  type RecordedExchange,
  type Transport,
} from '@rivulet/core'
import { environment } from '@rivulet/core/provider'
import { type DialectId, dialectIds, type FaultKind, isDialectId, simulator } from '@rivulet/simulator'
import { subjectOf } from '../subjects.ts'
import { type Outcome, read } from './outcome.ts'

export interface Recording {
  provider: string
  message: string
  model: string | undefined
  onePiece: boolean
  fault: string | undefined
  live: boolean
}

interface Recorded {
  exchange: RecordedExchange
  outcome: Outcome
  request: ChatRequest
}

/** Makes one call, and returns the exchange on the wire. */
export async function exchangeOf(recording: Recording): Promise<Recorded> {
  const subject = await subjectOf(recording.provider)
  const request: ChatRequest = {
    model: recording.model ?? subject.request.model,
    messages: [{ role: 'user', content: recording.message }],
    ...(recording.onePiece && { stream: false }),
  }
  return recording.live ? live(recording, request) : simulated(recording, request)
}

/** Uses the package's own factory, which takes the credential from the environment; the test's subject has its own. */
async function live({ provider: id }: Recording, request: ChatRequest): Promise<Recorded> {
  const { factoryOf } = await import('../factory.ts')
  const baseUrl = environment(`${id.toUpperCase().replaceAll('-', '_')}_BASE_URL`)
  return recordOne((await factoryOf(id))({ ...(baseUrl !== undefined && { baseUrl }) }), request)
}

async function simulated({ provider: id, fault }: Recording, request: ChatRequest): Promise<Recorded> {
  const subject = await subjectOf(id)
  await using sim = await simulator({ pace: 'natural' })
  const dialect = dialectOf(id)
  // A name from the command line: the simulator rejects unknown ones.
  if (fault !== undefined) sim.fault(dialect, fault as FaultKind)
  const baseUrl = sim.baseUrl(dialect)
  const { exchange, outcome } = await recordOne(subject.provider({ baseUrl }), request)
  // The simulator's address changes with each run: the fixture gets the provider's own.
  const url = await ownBaseUrl(
    (options) => subject.provider(options),
    request,
    exchange.request.url.slice(baseUrl.length),
  )
  const text = JSON.stringify(exchange.request)
    .replaceAll(baseUrl, url)
    .replaceAll(new URL(baseUrl).origin, new URL(url).origin)
    .replaceAll(new URL(baseUrl).host, new URL(url).host)
  return { exchange: { ...exchange, request: JSON.parse(text) as RecordedExchange['request'] }, outcome, request }
}

/** @throws TypeError for a provider that the simulator has no dialect of its own for. */
function dialectOf(id: string): DialectId {
  if (isDialectId(id)) return id
  throw new TypeError(
    `The simulator does not play ${id}: record it with --live. The simulator plays ${dialectIds.join(', ')}.`,
  )
}

/** The provider's default base URL: the URL of its request without the path. */
async function ownBaseUrl(
  make: (options: ProviderOptions) => Provider,
  request: ChatRequest,
  path: string,
): Promise<string> {
  let url = ''
  const transport: Transport = (asked) => {
    url = asked.url
    return Promise.reject(new Error('only the address is needed'))
  }
  await read(make({ transport }), request)
  const whole = (of: string): string => of.split('?', 1)[0] ?? ''
  return whole(url).slice(0, -whole(path).length)
}

async function recordOne(provider: Provider, request: ChatRequest): Promise<Recorded> {
  const exchanges: RecordedExchange[] = []
  const outcome = await read(pipe(provider, recordExchanges({ to: (one) => exchanges.push(one) })), request)
  const [exchange] = exchanges
  if (exchange === undefined) throw new Error(`Nothing went over the wire: ${outcome.message ?? 'no reason given'}`)
  return { exchange, outcome, request }
}
