import { ChatError } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import type { Simulator } from '@rivulet/simulator'
import { FAULTS, isFaultName } from './weather.ts'

/** The longest question of the foil. */
const MAX_QUESTION = 1000

/**
 * Passes a question on to the simulated OpenAI and its answer back, byte by byte, with nothing of Rivulet between: for the
 * page's plain client, which shows what happens without it. The body is `{ question, fault? }`.
 *
 * @throws ChatError `bad-request` that names the mistake.
 */
export async function plainAnswer(body: unknown, simulator: Simulator, signal: AbortSignal): Promise<Response> {
  const isFault =
    isRecord(body) && (body.fault === undefined || (typeof body.fault === 'string' && isFaultName(body.fault)))
  if (!isFault) throw new ChatError('bad-request', `the body: fault must be one of ${Object.keys(FAULTS).join(', ')}`)
  if (!isRecord(body) || typeof body.question !== 'string' || body.question.length > MAX_QUESTION) {
    throw new ChatError('bad-request', `the body: question must be a text of at most ${MAX_QUESTION} characters`)
  }
  const { question, fault } = body
  // A fault of this request alone, which no other one sees.
  const simulate =
    typeof fault === 'string' && isFaultName(fault) ? { 'x-simulate': JSON.stringify(FAULTS[fault].fault) } : {}
  const model = simulator.dialects.find(({ id }) => id === 'openai')?.models[0]
  const from = await fetch(`${simulator.baseUrl('openai')}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer demo', ...simulate },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: question }] }),
    signal,
  })
  const type = from.headers.get('content-type') ?? 'text/plain'
  return new Response(from.body, {
    status: from.status,
    headers: { 'content-type': type, 'cache-control': 'no-store' },
  })
}
