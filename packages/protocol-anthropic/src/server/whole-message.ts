import { ChatError } from '@rivulet/core'
import { isCutJson, isRecord } from '@rivulet/core/provider'
import type { WireMessage } from './wire-answer.ts'

/** Builds the document of an answer in one piece from the messages of its event stream. */
export class WholeMessage {
  #message: Record<string, unknown> = {}
  readonly #content: Record<string, unknown>[] = []
  /** The arguments of tool calls, by the index of their block. */
  readonly #inputs = new Map<number, string>()

  add(message: WireMessage): void {
    switch (message.type) {
      case 'message_start':
        if (isRecord(message.message)) this.#message = message.message
        break
      case 'content_block_start':
        if (isRecord(message.content_block)) this.#content.push({ ...message.content_block })
        break
      case 'content_block_delta':
        if (isRecord(message.delta)) this.#extend(Number(message.index), message.delta)
        break
      case 'message_delta':
        if (isRecord(message.delta)) {
          const { usage: started } = this.#message
          const usage = { ...(isRecord(started) && started), ...(isRecord(message.usage) && message.usage) }
          this.#message = { ...this.#message, ...message.delta, usage }
        }
        break
    }
  }

  result(): Record<string, unknown> {
    const content: Record<string, unknown>[] = []
    for (const [index, block] of this.#content.entries()) {
      const given = this.#inputs.get(index)
      if (given === undefined && block.type !== 'tool_use') {
        content.push(block)
        continue
      }
      const json = given?.trim() ?? ''
      // Omit a call whose arguments the limit cut off: no client may run the tool with other arguments.
      if (!isCutJson(json)) content.push({ ...block, input: parsed(String(block.id), json) })
    }
    return { ...this.#message, content }
  }

  #extend(index: number, delta: Record<string, unknown>): void {
    const block = this.#content[index]
    if (block === undefined) return
    for (const field of ['text', 'thinking', 'signature']) {
      const piece = delta[field]
      if (typeof piece === 'string') block[field] = `${String(block[field])}${piece}`
    }
    if (delta.citation !== undefined) {
      block.citations = [...(Array.isArray(block.citations) ? (block.citations as unknown[]) : []), delta.citation]
    }
    if (typeof delta.partial_json === 'string') {
      this.#inputs.set(index, (this.#inputs.get(index) ?? '') + delta.partial_json)
    }
  }
}

function parsed(id: string, json: string): unknown {
  try {
    return json === '' ? {} : JSON.parse(json)
  } catch {
    throw new ChatError('malformed', `the arguments of tool call ${id} are not JSON`)
  }
}
