import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, answerTo, emptyAnswer } from './answers.ts'
import { inputTokensOf } from './answers/input-tokens.ts'
import { readBody } from './body.ts'
import type { Connection, Connections } from './connections.ts'
import { control, controlPath } from './control.ts'
import { isPreflight, letPagesRead, preflightHeaders } from './cors.ts'
import type { Dialect } from './dialect.ts'
import { type DialectId, dialects, dialectIds, isDialectId } from './dialects.ts'
import { type Fault, faultBreaks, faults, parseFault } from './faults.ts'
import type { IncomingRequest, Rules } from './incoming-request.ts'
import type { Message } from './messages.ts'
import type { SimulatorOptions } from './options.ts'
import { isNestedTooDeep, maxDepth } from './nesting.ts'
import { checkHost, checkOrigin } from './own-host.ts'
import { pacer } from './pace.ts'
import { random } from './random.ts'
import type { Entry, Recording } from './recording.ts'
import { RequestError } from './request-error.ts'
import { routeFor } from './routes.ts'
import { sendAnswer, type PendingAnswer } from './pending-answer.ts'
import type { RuntimeSettings } from './runtime-settings.ts'
import { Wire } from './wire.ts'

/** State shared by all exchanges of one simulator. */
export interface SimulatorState {
  readonly options: Required<SimulatorOptions>
  readonly settings: RuntimeSettings
  readonly recording: Recording
  /** The wires of open exchanges. */
  readonly wires: Set<Wire>
  readonly connections: Connections
  readonly baseUrl: (dialect: DialectId) => string
}

/** Answers one request, from its first byte to its last. Never rejects. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  state: SimulatorState,
): Promise<void> {
  const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/su, 2)
  const isControl = path === controlPath || path.startsWith(`${controlPath}/`)
  const asksFirst = !isControl && isPreflight(request.method ?? '', request.headers)
  const entry = newEntry(request, path, search, isControl || asksFirst ? 0 : state.recording.nextId())
  const wire = new Wire(request, response, entry)
  const outcome = { isCorrect: false }
  // Set `answerTaken` as soon as the wire is done, before anything that awaits `done` continues.
  entry.done = wire.done.then(() => {
    entry.answerTaken = outcome.isCorrect && wire.allTaken
  })
  state.wires.add(wire)
  try {
    const { host, origin } = request.headers
    checkHost(host, state.options.host)
    if (isControl) {
      checkOrigin(origin, host)
      const { status, body } = control(entry.method, path, await readBody(request), state)
      await wire.send(status, { 'content-type': 'application/json' }, `${JSON.stringify(body, null, 2)}\n`)
    } else {
      letPagesRead(response, request.headers)
      // Not recorded, and no fault of it: it is the browser's, and not the client's.
      if (asksFirst) await wire.send(204, preflightHeaders(request.headers), '')
      else await receive(request, { entry, wire, outcome, search }, state)
    }
  } catch (error) {
    await wire.sendError(error, (rejected) => errorBodyOf(entry, rejected))
  }
  await entry.done
  state.wires.delete(wire)
}

/** One request that is being answered. */
interface Exchange {
  readonly entry: Entry
  readonly wire: Wire
  /** Whether the answer being sent is correct, if it arrives complete. */
  readonly outcome: { isCorrect: boolean }
  readonly search: string
}

/** Reads and records a request, then has its dialect answer it. */
async function receive(request: IncomingMessage, exchange: Exchange, state: SimulatorState): Promise<void> {
  const { entry, wire } = exchange
  const connection = state.connections.of(request.socket)
  entry.connection = connection.number
  if (connection.onNextRequest !== undefined) {
    const { kind, apply } = connection.onNextRequest
    state.recording.add(Object.assign(entry, { fault: kind }))
    return apply(wire)
  }
  try {
    entry.bodyText = await readBody(request)
    entry.body = parsed(entry.bodyText)
    entry.attempt = state.recording.countAttempt(entry)
  } finally {
    state.recording.add(entry)
  }
  const id = entry.dialect
  if (id === 'none') {
    const prefixes = dialectIds.map((known) => `/${known}`).join(', ')
    const message = `no such path "${entry.path}"; path prefixes: ${prefixes}, ${controlPath}`
    throw new RequestError(404, 'not_found', message, { param: 'path' })
  }
  await answerDialect(id, exchange, connection, state)
}

/** Answers a complete request to a dialect, with the fault that applies. */
async function answerDialect(
  id: DialectId,
  exchange: Exchange,
  connection: Connection,
  state: SimulatorState,
): Promise<void> {
  const { entry, wire, outcome, search } = exchange
  const dialect: Dialect = dialects[id]
  const rules = rulesFor(id, state)
  const { method, headers, bodyText, attempt } = entry
  const path = entry.path.slice(id.length + 1)
  const { route, params } = routeFor(dialect, method, path)
  const incoming: IncomingRequest = { method, path, params, query: new URLSearchParams(search), headers, bodyText }
  const chat = route.accept(incoming, rules)
  checkLength(chat.messages)
  const { seed, pace } = state.options
  const answer = chat.documentOnly === true ? emptyAnswer : answerTo({ seed, ...chat })
  const fault = faultInHeader(headers['x-simulate']) ?? state.settings.takeFault(id)

  const replyTo = (changed: Answer, changes: Partial<Rules> = {}) =>
    route.reply(chat, changed, { ...rules, ...changes })
  const reply = replyTo(answer)
  const record: PendingAnswer['record'] = (correction) => {
    if (correction.answer !== undefined) entry.answer = correction.answer
    if (!('fault' in correction)) return
    delete entry.fault
    if (correction.fault !== undefined) entry.fault = correction.fault.kind
    outcome.isCorrect =
      correction.fault === undefined || !faultBreaks(correction.fault, { ...reply, tools: chat.tools })
  }
  if (chat.model !== '') entry.model = chat.model
  record({ answer: answer.text, fault })
  const chance = random(seed, answer.id, fault?.kind ?? 'pace')
  const target = search === '' ? entry.path : `${entry.path}?${search}`
  const pending: PendingAnswer = {
    wire,
    connection,
    dialect,
    chat,
    answer,
    reply,
    replyTo,
    recheck: (changes) => {
      route.accept(incoming, { ...rules, ...changes })
    },
    record,
    seed,
    attempt,
    target,
    pace: pacer(pace, chance),
    random: chance,
  }
  await (fault === undefined ? sendAnswer(pending) : faults[fault.kind].apply(pending, fault))
}

/** More than any model reads: the vendors refuse a longer prompt too. */
const maxInputTokens = 2_000_000

function checkLength(messages: readonly Message[]): void {
  const tokens = inputTokensOf(messages)
  if (tokens <= maxInputTokens) return
  const message = `the prompt has ${tokens} tokens; the maximum context length is ${maxInputTokens} tokens`
  throw new RequestError(400, 'context_length_exceeded', message, { param: 'messages' })
}

function newEntry(request: IncomingMessage, path: string, search: string, id: number): Entry {
  const prefix = path.split('/', 2)[1] ?? ''
  return {
    id,
    dialect: isDialectId(prefix) ? prefix : 'none',
    method: request.method ?? 'GET',
    path,
    query: Object.fromEntries(new URLSearchParams(search)),
    headers: headersOf(request),
    body: undefined,
    bodyText: '',
    status: 0,
    answer: '',
    connection: 0,
    attempt: 0,
    bytesSent: 0,
    bytesTaken: 0,
    answerTaken: false,
    done: Promise.resolve(),
  }
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, values = []] of Object.entries(request.headersDistinct)) headers[name] = values.join(', ')
  return headers
}

function rulesFor(id: DialectId, { options, settings }: SimulatorState): Rules {
  const credential = options.credentials[id]
  const variant = settings.variant(id)
  return {
    lenient: options.lenient,
    usage: options.usage,
    ...(credential === undefined ? {} : { credential }),
    ...(variant === undefined ? {} : { variant }),
  }
}

/** `x-simulate: truncate` or `x-simulate: {"kind":"truncate","afterEvents":1}`. */
function faultInHeader(value: string | undefined): Fault | undefined {
  if (value === undefined) return undefined
  try {
    if (isNestedTooDeep(value)) throw new TypeError(`nested deeper than ${maxDepth} levels`)
    return parseFault(value.startsWith('{') ? JSON.parse(value) : value)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new RequestError(400, 'wrong_header', `header "x-simulate": ${why}`, { param: 'x-simulate' })
  }
}

function errorBodyOf({ dialect: id }: Entry, rejected: RequestError): unknown {
  const dialect: Dialect | undefined = id === 'none' ? undefined : dialects[id]
  const error = rejected.toError(id === 'none' ? 'simulator' : id)
  return dialect === undefined ? { error } : dialect.errorBody(error)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
