import { serverSentEvents } from './sse.js'

/**
 * @typedef {{ id: string, name?: string }} Model
 * @typedef {{ id: string, name: string, simulated: boolean, supports: string, models: Model[] }} Provider
 * @typedef {{ models: (Model & { providers: string[] })[], providers: Provider[] }} Catalog
 * @typedef {{ role: 'user' | 'assistant', content: string }} Message
 * @typedef {{ model: string, provider?: string, messages: Message[], session?: string }} Question
 * @typedef {{ inputTokens: number, outputTokens: number, source: string }} Usage
 * @typedef {{ type: 'start', provider: string, model: string }
 *   | { type: 'text', text: string }
 *   | { type: 'reasoning', text: string }
 *   | { type: 'restart' | 'resume', from: string, message: string }
 *   | { type: 'finish', reason: string, usage?: Usage }} ChatEvent
 */

/** A failed answer. `code` comes from the server, or is `'offline'` if the server is unreachable. */
export class AnswerError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

/** @returns {Promise<Catalog>} */
export async function catalog() {
  const response = await reach('/api/models')
  return response.json()
}

/**
 * Sends a question and yields the events of its answer. Leaving the loop or aborting the signal closes the connection.
 *
 * @param {Question} question
 * @param {AbortSignal} signal
 * @param {string} answer The name of its report
 * @returns {AsyncGenerator<ChatEvent, void>}
 */
export async function* ask(question, signal, answer) {
  const response = await reach(`/api/chat?answer=${answer}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
    signal,
  })
  let finished = false
  try {
    for await (const { type, data } of serverSentEvents(chunks(response))) {
      const event = JSON.parse(data)
      if (type === 'error') throw new AnswerError(event.code, event.message)
      finished ||= event.type === 'finish'
      yield event
    }
  } catch (error) {
    if (error instanceof AnswerError || signal.aborted) throw error
    throw new AnswerError('offline', 'The connection to the server of this page was lost.')
  }
  if (!finished) throw new AnswerError('truncated', 'The answer ended without its end mark.')
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
async function reach(path, init) {
  let response
  try {
    response = await fetch(path, init)
  } catch (error) {
    if (init?.signal?.aborted) throw error
    throw new AnswerError('offline', 'The server of this page is not reachable.')
  }
  if (response.ok) return response
  const { error } = await response.json().catch(() => ({ error: undefined }))
  throw new AnswerError(error?.code ?? 'other', error?.message ?? `The server answered ${response.status}.`)
}

/**
 * The chunks of a body. Not every browser supports `for await (… of response.body)`.
 *
 * @param {Response} response
 * @returns {AsyncGenerator<Uint8Array, void>}
 */
async function* chunks(response) {
  const reader = response.body?.getReader()
  if (!reader) return
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
  } finally {
    // The connection is broken or abandoned already, so ignore the error.
    reader.cancel().catch(() => undefined)
  }
}
