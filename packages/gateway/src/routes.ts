import type { Call } from './call.ts'
import type { ClientDialectName } from './dialects.ts'
import { answerChat } from './endpoints/chat.ts'
import { answerEmbedContent, answerEmbedContents, answerEmbeddings } from './endpoints/embeddings.ts'
import { answerGeminiModel, answerGeminiModels, answerModel, answerModels } from './endpoints/models.ts'
import { answerLive, answerMetrics, answerReady } from './endpoints/operation.ts'
import { sendJson } from './call.ts'
import type { Operation } from './observe/observer.ts'
import { Refused } from './request/refused.ts'

type Endpoint = (call: Call) => Promise<void> | void

/** `'health'` and `'metrics'` are for operators. */
type RouteOperation = Operation | 'health' | 'metrics'

export interface Route {
  readonly dialect: ClientDialectName
  readonly operation: RouteOperation
  /** Asks for no key: says nothing but that a server is here. */
  readonly isOpen: boolean
  readonly methods: Readonly<Record<string, Endpoint>>
  /** The parts of the path that the route names, decoded. @throws Refused 400 for a path that is not percent-encoded rightly. */
  readonly params: () => Readonly<Record<string, string>>
}

export interface Row {
  readonly path: RegExp
  readonly dialect: ClientDialectName
  readonly operation: RouteOperation
  readonly methods: Readonly<Record<string, Endpoint>>
  readonly isOpen?: boolean
}

const refusing =
  (status: number, message: string, headers?: Record<string, string>): Endpoint =>
  () => {
    throw new Refused(status, message, headers)
  }

const hello: Endpoint = (call) => {
  sendJson(call, { name: 'rivulet', message: 'hello' })
}

const notCounted = refusing(404, 'tokens are not counted here: estimate them')

/** Of clients. The first that fits is taken. */
export const CLIENT_ROWS: readonly Row[] = [
  { path: /^\/v1\/chat\/completions$/, dialect: 'chat', operation: 'chat', methods: { POST: answerChat } },
  { path: /^\/v1\/messages$/, dialect: 'messages', operation: 'chat', methods: { POST: answerChat } },
  {
    path: /^\/v1\/responses$/,
    dialect: 'responses',
    operation: 'chat',
    methods: {
      POST: answerChat,
      // A client that tries a WebSocket first takes this, and no other refusal, as "use HTTP".
      GET: refusing(426, 'WebSockets are not served here: POST the request', {
        upgrade: 'HTTP/1.1',
        connection: 'close',
      }),
    },
  },
  {
    path: /^\/v1(?:beta)?\/models\/(?<model>.+):(?:streamG|g)enerateContent$/,
    dialect: 'gemini',
    operation: 'chat',
    methods: { POST: answerChat },
  },
  {
    path: /^\/v1(?:beta)?\/models\/(?<model>.+):embedContent$/,
    dialect: 'gemini',
    operation: 'embeddings',
    methods: { POST: answerEmbedContent },
  },
  {
    path: /^\/v1(?:beta)?\/models\/(?<model>.+):batchEmbedContents$/,
    dialect: 'gemini',
    operation: 'embeddings',
    methods: { POST: answerEmbedContents },
  },
  {
    path: /^\/v1(?:beta)?\/models\/(?<model>.+):countTokens$/,
    dialect: 'gemini',
    operation: 'not-served',
    methods: { POST: notCounted },
  },
  { path: /^\/v1\/embeddings$/, dialect: 'chat', operation: 'embeddings', methods: { POST: answerEmbeddings } },
  { path: /^\/v1\/models$/, dialect: 'chat', operation: 'models', methods: { GET: answerModels } },
  { path: /^\/v1\/models\/(?<model>.+)$/, dialect: 'chat', operation: 'models', methods: { GET: answerModel } },
  { path: /^\/v1beta\/models$/, dialect: 'gemini', operation: 'models', methods: { GET: answerGeminiModels } },
  {
    path: /^\/v1beta\/models\/(?<model>.+)$/,
    dialect: 'gemini',
    operation: 'models',
    methods: { GET: answerGeminiModel },
  },
  // A wrong count breaks the compaction of agents; without one they estimate.
  {
    path: /^\/v1\/messages\/count_tokens$/,
    dialect: 'messages',
    operation: 'not-served',
    methods: { POST: notCounted },
  },
  {
    path: /^\/v1\/completions$/,
    dialect: 'chat',
    operation: 'not-served',
    methods: { POST: refusing(404, 'completions of a prompt are not served: use /v1/chat/completions') },
  },
  { path: /^\/(?:api\/hello)?$/, dialect: 'chat', operation: 'hello', methods: { GET: hello }, isOpen: true },
]

/** Of operators. */
export const OPERATION_ROWS: readonly Row[] = [
  { path: /^\/health\/live$/, dialect: 'chat', operation: 'health', methods: { GET: answerLive }, isOpen: true },
  { path: /^\/health\/ready$/, dialect: 'chat', operation: 'health', methods: { GET: answerReady }, isOpen: true },
  { path: /^\/metrics$/, dialect: 'chat', operation: 'metrics', methods: { GET: answerMetrics } },
]

/** The route of a path; `undefined` for an unknown one. */
export function routeOf(path: string, rows: readonly Row[]): Route | undefined {
  for (const { path: pattern, isOpen = false, ...row } of rows) {
    const found = pattern.exec(path)
    if (found === null) continue
    return { ...row, isOpen, params: () => decoded(found.groups ?? {}) }
  }
  return undefined
}

function decoded(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    throw new Refused(400, 'the path must be percent-encoded: the name in it is not')
  }
}

/** @throws Refused 405 for a method that the path does not have. */
export function endpointOf({ methods }: Route, method: string): Endpoint {
  const endpoint = Object.hasOwn(methods, method) ? methods[method] : undefined
  // Whoever may GET may ask for the head alone.
  const found = endpoint ?? (method === 'HEAD' ? methods.GET : undefined)
  if (found !== undefined) return found
  const allowed = Object.keys(methods).join(', ')
  throw new Refused(405, `the method must be ${allowed}`, { allow: allowed })
}
