import { ChatError } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import type { Simulator } from '@rivulet/simulator'

/** The longest question of the foil. */
const MAX_QUESTION = 1000

/**
 * Passes a question on to the simulated OpenAI and its answer back, byte by byte, with nothing of Rivulet between: for the
 * page's plain client, which shows what happens without it.
 */
export async function plainAnswer(body: unknown, simulator: Simulator, signal: AbortSignal): Promise<Response> {
  if (!isRecord(body) || typeof body.question !== 'string' || body.question.length > MAX_QUESTION) {
    throw new ChatError('bad-request', `the body: question must be a text of at most ${MAX_QUESTION} characters`)
  }
  const { question } = body
  const model = simulator.dialects.find(({ id }) => id === 'openai')?.models[0]
  const from = await fetch(`${simulator.baseUrl('openai')}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer demo' },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: question }] }),
    signal,
  })
  const type = from.headers.get('content-type') ?? 'text/plain'
  return new Response(from.body, {
    status: from.status,
    headers: { 'content-type': type, 'cache-control': 'no-store' },
  })
}
