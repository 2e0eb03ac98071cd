import { serverSentEvents } from './sse.js'

/**
 * @typedef {{ id: string, name?: string }} Model
 * @typedef {{ id: string, name: string, simulated: boolean, supports: string, models: Model[] }} Provider
 * @typedef {{ models: (Model & { providers: string[] })[], providers: Provider[] }} Catalog
 * @typedef {{ role: 'user' | 'assistant', content: string }} Message
 * @typedef {{ model: string, provider?: string, messages: Message[] }} Question
 * @typedef {{ inputTokens: number, outputTokens: number, source: string }} Usage
 * @typedef {{ type: 'start', provider: string, model: string }
 *   | { type: 'text', text: string }
 *   | { type: 'reasoning', text: string }
 *   | { type: 'restart' | 'resume', from: string, message: string }
 *   | { type: 'finish', reason: string, usage?: Usage }} ChatEvent
 */

/** Why there is no answer: a code of the server's, `'offline'` when the server itself is gone. */
export class Trouble extends Error {
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
 * Asks; gives the events of the answer. Leaving the loop, or the signal, closes the connection.
 *
 * @param {Question} question
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<ChatEvent, void>}
 */
export async function* ask(question, signal) {
  const response = await reach('/api/chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
    signal,
  })
  let finished = false
  try {
    for await (const { type, data } of serverSentEvents(chunks(response))) {
      const event = JSON.parse(data)
      if (type === 'error') throw new Trouble(event.code, event.message)
      finished ||= event.type === 'finish'
      yield event
    }
  } catch (error) {
    if (error instanceof Trouble || signal.aborted) throw error
    throw new Trouble('offline', 'The connection to the server of this page broke.')
  }
  if (!finished) throw new Trouble('truncated', 'The answer ended without its end mark.')
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
    throw new Trouble('offline', 'The server of this page does not answer.')
  }
  if (response.ok) return response
  const { error } = await response.json().catch(() => ({ error: undefined }))
  throw new Trouble(error?.code ?? 'other', error?.message ?? `The server answered ${response.status}.`)
}

/**
 * Not `for await (… of response.body)`: not every browser can.
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
    // Broken already, or left: either way there is nobody to tell.
    reader.cancel().catch(() => undefined)
  }
}
