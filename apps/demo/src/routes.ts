import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { describeProvider, toResponse } from '@rivulet/core'
import type { GatewayServer } from '@rivulet/gateway'
import { jsonBody } from './body.ts'
import { file } from './files.ts'
import { rejectCrossSite, rejectForeign } from './guard.ts'
import { plainAnswer } from './plain.ts'
import { parseQuestion } from './question.ts'
import { errorResponse, failureResponse } from './error-response.ts'
import type { Backend } from './backend.ts'
import { eventStream } from './watch/event-stream.ts'
import { FAULTS, parseFaultRequest } from './weather.ts'

export interface RouteContext {
  backend: Backend
  /** Answers the clients of other dialects. */
  gateway: GatewayServer
  /** The accepted `Host` values. */
  hosts: ReadonlySet<string>
  /** Aborted when the client disconnects. */
  signal: AbortSignal
}

/** The response to a request. */
export async function route(request: IncomingMessage, context: RouteContext): Promise<Response> {
  const rejection = rejectForeign(request, context.hosts)
  if (rejection !== undefined) return rejection
  // Use the raw path: `new URL()` would normalise it into a path that was not requested.
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
  if (path.startsWith('/api/')) return rejectCrossSite(request) ?? api(path, query, request, context)
  if (/^\/v1(?:beta)?\//.test(path))
    return rejectCrossSite(request) ?? context.gateway.fetch(webRequest(request, context))
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const found = await file(path)
  if (found === undefined) return errorResponse(404, 'not-found', 'Not found. The page is at /.')
  return isRead ? found : wrongMethod('GET, HEAD')
}

type Answer = (request: IncomingMessage, context: RouteContext, query: string) => Response | Promise<Response>

/** The endpoints, by path and method. */
const API: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  '/api/models': { GET: (_, { backend }) => models(backend) },
  '/api/providers': {
    GET: (_, { backend }) => Response.json({ providers: backend.watch.providers() }, { headers: NO_STORE }),
  },
  '/api/events': { GET: (_, { backend }) => eventStream(backend.watch) },
  '/api/chat': { POST: chat },
  '/api/plain': {
    POST: (request, { backend, signal }) => withBody(request, (body) => plainAnswer(body, backend.simulator, signal)),
  },
  '/api/faults': {
    GET: () => Response.json({ faults: Object.entries(FAULTS).map(([name, { label }]) => ({ name, label })) }),
    PUT: (request, { backend }) =>
      withBody(request, (body) => {
        backend.weather.set(parseFaultRequest(body))
        return providersNow(backend)
      }),
    DELETE: (_, { backend }) => {
      backend.weather.clear()
      backend.watch.forgetFailures()
      return providersNow(backend)
    },
  },
}

async function api(path: string, query: string, request: IncomingMessage, context: RouteContext): Promise<Response> {
  const methods = Object.hasOwn(API, path) ? API[path] : undefined
  if (methods === undefined) {
    return errorResponse(404, 'not-found', `No such endpoint. Endpoints: ${Object.keys(API).join(', ')}.`)
  }
  const method = request.method ?? ''
  const answer = Object.hasOwn(methods, method) ? methods[method] : undefined
  return answer === undefined ? wrongMethod(Object.keys(methods).join(', ')) : answer(request, context, query)
}

/** The providers and their models. `models` can be requested without naming a provider. */
async function models(backend: Backend): Promise<Response> {
  const providers = backend.members.map(({ provider, simulated }) => ({
    id: provider.id,
    name: provider.info.name,
    simulated,
    supports: describeProvider(provider),
    settings: provider.info.settings.map(({ name }) => name),
    models: provider.info.models,
  }))
  return Response.json({ models: await backend.models(), providers }, { headers: NO_STORE })
}

/** `?answer=…` names the answer in `/api/events`; `?provider=…` is the one to ask, as in the body. */
async function chat(request: IncomingMessage, { backend, signal }: RouteContext, query: string): Promise<Response> {
  const body = await jsonBody(request)
  if (body instanceof Response) return body
  const named = new URLSearchParams(query)
  const answer = named.get('answer') ?? ''
  const provider = named.get('provider') ?? undefined
  const id = /^[\w-]{1,64}$/.test(answer) ? answer : undefined
  return toResponse(() => backend.ask({ provider, ...parseQuestion(body.value) }, signal, id))
}

function providersNow({ watch }: Backend): Response {
  watch.changed()
  return Response.json({ providers: watch.providers() }, { headers: NO_STORE })
}

/** The response that is made of a JSON body, or the one to a mistake in it. */
async function withBody(
  request: IncomingMessage,
  answer: (body: unknown) => Response | Promise<Response>,
): Promise<Response> {
  const body = await jsonBody(request)
  if (body instanceof Response) return body
  try {
    return await answer(body.value)
  } catch (error) {
    return failureResponse(error)
  }
}

/** A request of Node's server as one of the web platform. */
function webRequest(request: IncomingMessage, { signal }: RouteContext): Request {
  const { method = 'GET', headers, url = '/' } = request
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat().join(', ')] as [string, string]],
  )
  const hasBody = method !== 'GET' && method !== 'HEAD'
  return new Request(`http://${headers.host ?? ''}${url}`, {
    method,
    headers: entries,
    signal,
    // Node's own type for the same stream.
    ...(hasBody && { body: Readable.toWeb(request) as ReadableStream<Uint8Array>, duplex: 'half' }),
  })
}

const wrongMethod = (allow: string): Response =>
  errorResponse(405, 'wrong-method', `This path accepts only ${allow}.`, { allow })

const NO_STORE = { 'cache-control': 'no-store' }
