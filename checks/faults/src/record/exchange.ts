import { type ChatRequest, pipe, type Provider, recordExchanges, type RecordedExchange } from '@rivulet/core'
import { environment } from '@rivulet/core/provider'
import { type DialectId, dialectIds, type FaultKind, isDialectId, simulator } from '@rivulet/simulator'
import { subjectOf } from '../subjects.ts'
import { type Outcome, read } from './outcome.ts'
import { atHome, type Make, withoutChance } from './request.ts'

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
  const make = await factoryOf(id)
  const baseUrl = environment(`${id.toUpperCase().replaceAll('-', '_')}_BASE_URL`)
  const recorded = await recordOne(make({ ...(baseUrl !== undefined && { baseUrl }) }), request)
  const sent = await withoutChance(recorded.exchange.request, make, request)
  // The address of a relay is private, and a test asks the provider at its own.
  const home = baseUrl === undefined ? sent : await atHome(sent, { make, request, baseUrl })
  return { ...recorded, exchange: { ...recorded.exchange, request: home } }
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
  const make: Make = (options) => subject.provider(options)
  return {
    exchange: { ...exchange, request: await atHome(exchange.request, { make, request, baseUrl }) },
    outcome,
    request,
  }
}

/** @throws TypeError for a provider that the simulator has no dialect of its own for. */
function dialectOf(id: string): DialectId {
  if (isDialectId(id)) return id
  throw new TypeError(
    `The simulator does not play ${id}: record it with --live. The simulator plays ${dialectIds.join(', ')}.`,
  )
}

async function recordOne(provider: Provider, request: ChatRequest): Promise<Recorded> {
  const exchanges: RecordedExchange[] = []
  const outcome = await read(pipe(provider, recordExchanges({ to: (one) => exchanges.push(one) })), request)
  const [exchange] = exchanges
  if (exchange === undefined) throw new Error(`Nothing went over the wire: ${outcome.message ?? 'no reason given'}`)
  return { exchange, outcome, request }
}
