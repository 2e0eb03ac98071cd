import type { IncomingMessage } from 'node:http'
import { ChatError, type ChatEvent, describeProvider, toResponse } from '@rivulet/core'
import { jsonBody } from './body.ts'
import { file } from './files.ts'
import { crossSite, foreign } from './guard.ts'
import { questionOf } from './question.ts'
import { refusal } from './refusal.ts'
import type { River } from './river.ts'

export interface Surroundings {
  river: River
  /** What `Host` may say. */
  hosts: ReadonlySet<string>
  /** Aborted when the reader leaves. */
  signal: AbortSignal
}

/** What is answered to a request. */
export async function route(request: IncomingMessage, around: Surroundings): Promise<Response> {
  const refused = foreign(request, around.hosts)
  if (refused !== undefined) return refused
  // As it came: a path that `new URL()` has tidied up is not the path that was asked for.
  const [path = '/'] = (request.url ?? '/').split('?', 1)
  if (path.startsWith('/api/')) return crossSite(request) ?? api(path, request, around)
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const found = await file(path)
  if (found === undefined) return refusal(404, 'not-found', 'There is nothing here. The page is at /.')
  return isRead ? found : wrongMethod('GET, HEAD')
}

async function api(path: string, request: IncomingMessage, around: Surroundings): Promise<Response> {
  switch (path) {
    case '/api/models':
      return request.method === 'GET' ? models(around.river) : wrongMethod('GET')
    case '/api/chat':
      return request.method === 'POST' ? chat(request, around) : wrongMethod('POST')
    default:
      return refusal(404, 'not-found', 'There is no such endpoint: GET /api/models, POST /api/chat.')
  }
}

/** Who can be asked, and for what. `models` are those that can be asked for without naming a provider. */
async function models(river: River): Promise<Response> {
  const providers = river.members.map(({ provider, simulated }) => ({
    id: provider.id,
    name: provider.info.name,
    simulated,
    supports: describeProvider(provider),
    models: provider.info.models,
  }))
  return Response.json({ models: await river.models(), providers }, { headers: NO_STORE })
}

async function chat(request: IncomingMessage, { river, signal }: Surroundings): Promise<Response> {
  const body = await jsonBody(request)
  if (body instanceof Response) return body
  let stream: AsyncIterable<ChatEvent>
  try {
    stream = river.ask(questionOf(body.value), signal)
  } catch (error) {
    if (error instanceof TypeError) return refusal(400, 'bad-request', error.message)
    if (error instanceof ChatError) return refusal(404, error.code, error.message)
    throw error
  }
  return toResponse(stream, { headers: NO_STORE })
}

const wrongMethod = (allow: string): Response => refusal(405, 'wrong-method', `This takes ${allow} only.`, { allow })

const NO_STORE = { 'cache-control': 'no-store' }
