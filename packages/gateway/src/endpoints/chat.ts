import { ChatError, type ChatRequest, type CallOptions, type Provider } from '@rivulet/core'
import { extraKeys, isRecord, ownAttempts, recoveriesOf, type ServerCall } from '@rivulet/core/provider'
import { ChatAnswer } from '../answer/chat-answer.ts'
import type { HoldMode } from '../answer/hold.ts'
import type { Call } from '../call.ts'
import { checkHold } from '../options.ts'
import { publicHeaders, publicQuery } from '../request/credential.ts'
import { readBody } from '../request/read-body.ts'
import { Refused, Stated } from '../request/refused.ts'

/** An answer in one piece, before its client gives up after 300 s. */
const WHOLE_MS = 290_000

const MAX_MESSAGES = 10_000
const MAX_TOOLS = 1_024

/** Answers a question of a client, in its dialect. */
export async function answerChat(call: Call): Promise<void> {
  const { state, credentials, signal, watch } = call
  const { provider, settings } = state
  const read = await readCall(call)
  const speaks = extraKeys(provider).includes(call.dialect.server.dialect)
  const { request: asked, left } = speaks ? { request: read.request, left: [] } : withoutNativeTools(read.request)
  const request = inSession(asked, call)
  const mode = read.stream ? holdOf(call, request.model) : 'answer'
  watch?.asked({ model: request.model, stream: read.stream, hold: mode, key: call.visitor.id }, left)
  const failures: ChatError[] = []
  const options: CallOptions = {
    signal,
    credentials,
    unsupported: 'drop',
    raw: speaks,
    onBreak: onBreakOf(provider, mode),
    onAttempt: (report) => {
      watch?.attempt(report)
      if (report.error !== undefined) failures.push(report.error)
    },
    ...(!read.stream && { deadlines: { totalMs: WHOLE_MS, ...settings.deadlines } }),
  }
  const open = (): ReturnType<Provider['stream']> => provider.stream(request, options)
  await new ChatAnswer(call, { read, mode, open, failures, left }).send()
}

/** @throws Refused, Stated for a body that the dialect refuses, and for a model that the client may not ask. */
async function readCall({ exchange, dialect, visitor, state }: Call): Promise<ServerCall> {
  const { path, query, headers } = exchange
  const body = await readBody(exchange, state.settings.maxBodyBytes)
  let read: ServerCall
  try {
    read = dialect.server.read({ path, query: publicQuery(query), headers: publicHeaders(headers), body })
  } catch (error) {
    throw new Stated(dialect.server.error(error))
  }
  const { model, messages, tools = [] } = read.request
  if (messages.length > MAX_MESSAGES) throw new Refused(400, `more than ${MAX_MESSAGES} messages: send fewer`)
  if (tools.length > MAX_TOOLS) throw new Refused(400, `more than ${MAX_TOOLS} tools: send fewer`)
  if (!visitor.may(model)) {
    throw new Stated(read.error(new ChatError('not-found', `the key may not ask the model "${model.slice(0, 100)}"`)))
  }
  return read
}

/**
 * Without tools that the vendor of the client runs itself. Agents send them with every request, and no member has them: they are
 * left out and named, where a library would refuse the request.
 */
function withoutNativeTools(request: ChatRequest): { request: ChatRequest; left: string[] } {
  if (request.tools?.some(({ type }) => type === 'native') !== true) return { request, left: [] }
  const { tools = [], ...rest } = request
  const kept = tools.filter(({ type }) => type !== 'native')
  const left = tools.flatMap((tool) => (tool.type === 'native' ? [`tools: ${String(tool.value.type)}`] : []))
  return { request: { ...rest, ...(kept.length > 0 && { tools: kept }) }, left }
}

/** In the order in which clients name their conversation best. */
const SESSION_HEADERS = ['x-claude-code-session-id', 'session-id', 'x-session-affinity', 'x-session-id']

/** With the name of its conversation, which no other client shares. */
function inSession(request: ChatRequest, { exchange, owner }: Call): ChatRequest {
  const name = SESSION_HEADERS.find((header) => (exchange.headers[header] ?? '') !== '')
  const named = name === undefined ? undefined : exchange.headers[name]
  const session = named ?? request.session ?? userOf(request)
  return session === undefined ? request : { ...request, session: `${owner}:${session}` }
}

/** Some clients name a user alone. */
function userOf({ native }: ChatRequest): string | undefined {
  const metadata = native?.body.metadata
  const user = isRecord(metadata) ? metadata.user_id : undefined
  return typeof user === 'string' && user !== '' ? user : undefined
}

/** The header of the request, then the key, then the gateway. */
function holdOf({ exchange, visitor, state }: Call, model: string): HoldMode {
  const asked = exchange.headers['x-rivulet-hold']
  if (asked === undefined) return visitor.hold ?? state.settings.hold(model)
  try {
    return checkHold('x-rivulet-hold', asked)
  } catch (error) {
    throw new Refused(400, error instanceof Error ? error.message : '')
  }
}

/** What was streamed can't be taken back, and can only be continued; of what is held, nothing was seen. */
function onBreakOf(provider: Provider, mode: HoldMode): CallOptions['onBreak'] {
  const told = ownAttempts(provider)?.onBreak
  if (mode === 'answer') return told ?? 'restart'
  return recoveriesOf('gateway', told).includes('continue') ? 'continue' : 'fail'
}
