import { ChatError, type FinishReason, type Usage } from '@rivulet/core'
import { type DecodedEvent, type Frame, isErrorBody, isRecord, JsonFrames, type Sink } from '@rivulet/core/provider'
import { readError } from '../../client/errors.ts'
import type { ErrorQuirk } from '../../quirks.ts'
import { incompleteReason } from './finish-reason.ts'
import { OutputItems } from './output-items.ts'
import { readUsage } from './usage.ts'

type Wire = Record<string, unknown>

/** Reads an answer of the Responses dialect, as events or as one document: each frame says which it is. */
export function decode(emit: (event: DecodedEvent) => void, errors: readonly ErrorQuirk[] = []): Sink<Frame> {
  return new ResponsesDecoder(emit, errors)
}

class ResponsesDecoder implements Sink<Frame> {
  readonly #emit: (event: DecodedEvent) => void
  readonly #errors: readonly ErrorQuirk[]
  readonly #items: OutputItems
  #started = false
  /** A frame of this dialect has arrived. */
  #isOurs = false
  readonly #frames = new JsonFrames()

  constructor(emit: (event: DecodedEvent) => void, errors: readonly ErrorQuirk[]) {
    this.#emit = emit
    this.#errors = errors
    this.#items = new OutputItems(emit)
  }

  push(frame: Frame): void {
    const text = frame.text()
    // The end mark of chat completions, which some gateways add.
    if (text.trim() === '[DONE]') return
    const event = this.#frames.parse(text)
    if (isErrorBody(event)) this.#fail(event)
    if (!isRecord(event)) return
    this.#isOurs ||= typeof event.type === 'string' || event.object === 'response'
    if (event.object === 'response') this.#readDocument(event)
    else this.#readEvent(event)
  }

  end(): void {
    // Reached only without a finish, so the answer is incomplete.
    if (this.#frames.isEmpty || (this.#frames.isSingle && !this.#isOurs))
      throw new ChatError('malformed', 'the answer has no event of this dialect')
    throw new ChatError('truncated', 'the answer broke off before response.completed')
  }

  #readEvent(event: Wire): void {
    const key = keyOf(event)
    switch (event.type) {
      case 'response.output_text.delta':
        this.#items.text(key, event.delta)
        break
      case 'response.refusal.delta':
        this.#items.refusal(key, event.delta)
        break
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        this.#items.thought(key, event.delta)
        break
      case 'response.reasoning_summary_part.added':
        this.#items.nextThought(key)
        break
      case 'response.function_call_arguments.delta':
        this.#items.input(key, event.delta)
        break
      case 'response.output_item.added':
        if (isRecord(event.item)) this.#items.added(key, event.item)
        break
      case 'response.output_item.done':
        if (isRecord(event.item)) this.#items.done(key, event.item)
        break
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        if (isRecord(event.response)) this.#start(event.response)
        break
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
      case 'response.cancelled':
        this.#finish(isRecord(event.response) ? event.response : {}, event.type.slice('response.'.length))
        break
    }
  }

  #readDocument(response: Wire): void {
    this.#start(response)
    const output: unknown[] = Array.isArray(response.output) ? response.output : []
    for (const [index, item] of output.entries()) if (isRecord(item)) this.#items.done(String(index), item)
    this.#finish(response, typeof response.status === 'string' ? response.status : 'completed')
  }

  #start({ model, id }: Wire): void {
    if (this.#started) return
    this.#started = true
    this.#emit({
      type: 'start',
      ...(typeof model === 'string' && model !== '' && { model }),
      ...(typeof id === 'string' && id !== '' && { id }),
    })
  }

  #finish(response: Wire, status: string): void {
    if (status === 'failed') this.#fail(response.error === null ? { error: 'the response failed' } : response)
    if (status !== 'completed' && status !== 'incomplete') {
      throw new ChatError('truncated', `the response ended as "${status}"`)
    }
    const reason = status === 'completed' ? this.#reason() : incompleteReason(response.incomplete_details)
    // An answer that ended early may have cut its last call.
    if (status === 'completed') this.#items.end()
    const usage: Usage | undefined = readUsage(response.usage)
    this.#emit({
      type: 'finish',
      reason,
      ...(usage !== undefined && { usage }),
      ...(this.#frames.skipped > 0 && { skipped: this.#frames.skipped }),
    })
  }

  #reason(): FinishReason {
    if (this.#items.isRefused) return 'content-filter'
    return this.#items.callCount > 0 ? 'tool-calls' : 'stop'
  }

  #fail(body: unknown): never {
    const { code, message } = readError(undefined, body, this.#errors)
    throw new ChatError(code, `the endpoint reports: ${message}`)
  }
}

/** Events name their item by its index in the output: some servers change its id from event to event. */
const keyOf = ({ output_index: index, item_id: id }: Wire): string =>
  typeof index === 'number' ? String(index) : typeof id === 'string' ? id : ''
