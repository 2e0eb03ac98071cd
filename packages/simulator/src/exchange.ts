import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, answerTo, silence } from './answers.ts'
import { readBody } from './body.ts'
import type { Connection, Connections } from './connections.ts'
import { control, controlPath } from './control.ts'
import type { Dialect } from './dialect.ts'
import { type DialectId, dialects, dialectIds, isDialectId } from './dialects.ts'
import { type Fault, faultBreaks, faults, parseFault } from './faults.ts'
import type { Incoming, Rules } from './incoming.ts'
import type { SimulatorOptions } from './options.ts'
import { pacer } from './pace.ts'
import { random } from './random.ts'
import type { Entry, Recording } from './recording.ts'
import { Refusal } from './refusal.ts'
import { routeFor } from './routes.ts'
import { perform, type Scene } from './scene.ts'
import type { Switches } from './switches.ts'
import { Wire } from './wire.ts'

/** What every exchange of one simulator shares. */
export interface Stage {
  readonly options: Required<SimulatorOptions>
  readonly switches: Switches
  readonly recording: Recording
  /** The exchanges that are not over. */
  readonly wires: Set<Wire>
  readonly connections: Connections
  readonly baseUrl: (dialect: DialectId) => string
}

/** Answers one request, from its first byte to its last. Never rejects. */
export async function exchange(request: IncomingMessage, response: ServerResponse, stage: Stage): Promise<void> {
  const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/su, 2)
  const isControl = path === controlPath || path.startsWith(`${controlPath}/`)
  const entry = newEntry(request, path, search, isControl ? 0 : stage.recording.nextId())
  const wire = new Wire(request, response, entry)
  const verdict = { isRight: false }
  // Whether it was whole is known when the wire is done, and told before anyone who waits goes on.
  entry.done = wire.done.then(() => {
    entry.answerTaken = verdict.isRight && wire.allTaken
  })
  stage.wires.add(wire)
  try {
    if (isControl) {
      const { status, body } = control(entry.method, path, await readBody(request), stage)
      await wire.send(status, { 'content-type': 'application/json' }, `${JSON.stringify(body, null, 2)}\n`)
    } else await converse(request, { entry, wire, verdict, search }, stage)
  } catch (error) {
    await wire.failed(error, (refused) => errorBodyOf(entry, refused))
  }
  await entry.done
  stage.wires.delete(wire)
}

/** One request on its way: what is known of it, and what became of it so far. */
interface Arrived {
  readonly entry: Entry
  readonly wire: Wire
  /** Whether what is being answered is the right answer, if it comes whole. */
  readonly verdict: { isRight: boolean }
  readonly search: string
}

async function converse(request: IncomingMessage, arrived: Arrived, stage: Stage): Promise<void> {
  const { entry, wire } = arrived
  const connection = stage.connections.of(request.socket)
  entry.connection = connection.number
  if (connection.ambush !== undefined) {
    const { kind, act } = connection.ambush
    stage.recording.add(Object.assign(entry, { fault: kind }))
    return act(wire)
  }
  try {
    entry.bodyText = await readBody(request)
    entry.body = parsed(entry.bodyText)
    entry.attempt = stage.recording.countAttempt(entry)
  } finally {
    stage.recording.add(entry)
  }
  const id = entry.dialect
  if (id === 'none') {
    const prefixes = dialectIds.map((known) => `/${known}`).join(', ')
    throw new Refusal(404, 'not_found', `no such path "${entry.path}"; there are: ${prefixes}, ${controlPath}`, {
      param: 'path',
    })
  }
  await answerAs(id, arrived, connection, stage)
}

/** The request is whole and belongs to a dialect: what is said to it, and what goes wrong. */
async function answerAs(id: DialectId, arrived: Arrived, connection: Connection, stage: Stage): Promise<void> {
  const { entry, wire, verdict, search } = arrived
  const dialect: Dialect = dialects[id]
  const rules = rulesFor(id, stage)
  const { method, headers, bodyText, attempt } = entry
  const path = entry.path.slice(id.length + 1)
  const { route, params } = routeFor(dialect, method, path)
  const incoming: Incoming = { method, path, params, query: new URLSearchParams(search), headers, bodyText }
  const chat = route.accept(incoming, rules)
  const { seed, pace } = stage.options
  const answer = chat.silent === true ? silence : answerTo({ seed, ...chat })
  const fault = faultInHeader(headers['x-simulate']) ?? stage.switches.takeFault(id)

  const replyTo = (said: Answer, changes: Partial<Rules> = {}) => route.reply(chat, said, { ...rules, ...changes })
  const reply = replyTo(answer)
  const record: Scene['record'] = (correction) => {
    if (correction.answer !== undefined) entry.answer = correction.answer
    if (!('fault' in correction)) return
    delete entry.fault
    if (correction.fault !== undefined) entry.fault = correction.fault.kind
    verdict.isRight = correction.fault === undefined || !faultBreaks(correction.fault, { ...reply, tools: chat.tools })
  }
  if (chat.model !== '') entry.model = chat.model
  record({ answer: answer.text, fault })
  const chance = random(seed, answer.id, fault?.kind ?? 'pace')
  const target = search === '' ? entry.path : `${entry.path}?${search}`
  const told = { chat, answer, reply, replyTo, record, seed, attempt, target }
  const scene: Scene = { wire, connection, dialect, pace: pacer(pace, chance), random: chance, ...told }
  await (fault === undefined ? perform(scene) : faults[fault.kind].act(scene, fault))
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

function rulesFor(id: DialectId, { options, switches }: Stage): Rules {
  const credential = options.credentials[id]
  const variant = switches.variant(id)
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
    return parseFault(value.startsWith('{') ? JSON.parse(value) : value)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Refusal(400, 'wrong_header', `header "x-simulate": ${why}`, { param: 'x-simulate' })
  }
}

function errorBodyOf({ dialect: id }: Entry, refused: Refusal): unknown {
  const dialect: Dialect | undefined = id === 'none' ? undefined : dialects[id]
  const error = refused.toError(id === 'none' ? 'simulator' : id)
  return dialect === undefined ? { error } : dialect.errorBody(error)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
