/** A provider that is a class: plain text over HTTP, with every layer and group around it. */
import { type CallOptions, ChatError, type ChatEvent, type ChatRequest, type Provider } from '@rivulet/core'
import { deadlines, pipe, retry } from '@rivulet/core'
import { codeOfStatus } from '@rivulet/core/provider'
import { failover } from '@rivulet/router'

export class TextEndpoint implements Provider {
  readonly id = 'text'
  readonly #url: string
  constructor(url: string) {
    this.#url = url
  }
  get info(): Provider['info'] {
    return { name: 'Text', url: this.#url, auth: 'none', streaming: true, models: [], settings: [] }
  }
  /** Reads the request now, because the caller may change it later. Sends nothing before the first read. */
  stream({ model, messages }: ChatRequest, { signal }: CallOptions = {}) {
    return this.#answer(model, JSON.stringify(messages), signal)
  }
  async *#answer(model: string, body: string, signal: AbortSignal | undefined): AsyncGenerator<ChatEvent, undefined> {
    let text = ''
    try {
      const response = await fetch(this.#url, { method: 'POST', body, ...(signal && { signal }) })
      if (!response.ok) throw new ChatError(codeOfStatus(response.status), `text: HTTP ${response.status}`)
      yield { type: 'start', provider: this.id, model }
      for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += piece
        yield { type: 'text', text: piece }
      }
      yield { type: 'finish', reason: 'stop' }
    } catch (cause) {
      if (cause instanceof ChatError || signal?.aborted === true) throw cause
      const code = text === '' ? 'network' : 'truncated'
      const partial = { provider: this.id, model, content: [{ type: 'text', text }] as const, text, toolCalls: [] }
      throw new ChatError(code, `text: no whole answer from ${this.#url}`, { provider: this.id, cause, partial })
    }
  }
}
export const steady = (urls: readonly string[]): Provider =>
  failover(urls.map((url) => pipe(new TextEndpoint(url), retry({ attempts: 2 }), deadlines({ totalMs: 10_000 }))))
