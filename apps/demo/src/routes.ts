import type { IncomingMessage } from 'node:http'
import { describeProvider, toResponse } from '@rivulet/core'
import { jsonBody } from './body.ts'
import { file } from './files.ts'
import { rejectCrossSite, rejectForeign } from './guard.ts'
import { parseQuestion } from './question.ts'
import { errorResponse } from './error-response.ts'
import type { Backend } from './backend.ts'

export interface RouteContext {
  backend: Backend
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
  const [path = '/'] = (request.url ?? '/').split('?', 1)
  if (path.startsWith('/api/')) return rejectCrossSite(request) ?? api(path, request, context)
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const found = await file(path)
  if (found === undefined) return errorResponse(404, 'not-found', 'Not found. The page is at /.')
  return isRead ? found : wrongMethod('GET, HEAD')
}

async function api(path: string, request: IncomingMessage, context: RouteContext): Promise<Response> {
  switch (path) {
    case '/api/models':
      return request.method === 'GET' ? models(context.backend) : wrongMethod('GET')
    case '/api/chat':
      return request.method === 'POST' ? chat(request, context) : wrongMethod('POST')
    default:
      return errorResponse(404, 'not-found', 'No such endpoint. Endpoints: GET /api/models, POST /api/chat.')
  }
}

/** The providers and their models. `models` can be requested without naming a provider. */
async function models(backend: Backend): Promise<Response> {
  const providers = backend.members.map(({ provider, simulated }) => ({
    id: provider.id,
    name: provider.info.name,
    simulated,
    supports: describeProvider(provider),
    models: provider.info.models,
  }))
  return Response.json({ models: await backend.models(), providers }, { headers: NO_STORE })
}

async function chat(request: IncomingMessage, { backend, signal }: RouteContext): Promise<Response> {
  const body = await jsonBody(request)
  if (body instanceof Response) return body
  return toResponse(() => backend.ask(parseQuestion(body.value), signal))
}

const wrongMethod = (allow: string): Response =>
  errorResponse(405, 'wrong-method', `This path accepts only ${allow}.`, { allow })

const NO_STORE = { 'cache-control': 'no-store' }
