import { ChatError, type FinishReason, type Usage } from '@rivulet/core'
import {
  type DecodedEvent,
  type Decoder,
  type Frame,
  isErrorBody,
  isRecord,
  JsonFrames,
  readErrorBody,
  shown,
} from '@rivulet/core/provider'
import { readError } from '../../client/errors.ts'
import type { ErrorQuirk } from '../../quirks.ts'
import { incompleteReason, isIncomplete } from './finish-reason.ts'
import { itemKey } from './item-key.ts'
import { OutputItems } from './output-items.ts'
import { readUsage } from './usage.ts'

type Wire = Record<string, unknown>

/** Reads an answer of the Responses dialect, as events or as one document: each frame says which it is. */
export function decode(emit: (event: DecodedEvent) => void, errors: readonly ErrorQuirk[] = []): Decoder {
  return new ResponsesDecoder(emit, errors)
}

/** The names of the last event of other versions. */
const ENDINGS: Readonly<Record<string, string>> = { 'response.done': 'completed' }

class ResponsesDecoder implements Decoder {
  readonly #emit: (event: DecodedEvent) => void
  readonly #errors: readonly ErrorQuirk[]
  readonly #items: OutputItems
  #started = false
  /** `response.created` has arrived. */
  #isCreated = false
  /** A frame with a type has arrived. */
  #isOurs = false
  readonly #frames = new JsonFrames()
  /** The last frame says something else to a client of the dialect than its events say. */
  #isMended = false

  constructor(emit: (event: DecodedEvent) => void, errors: readonly ErrorQuirk[]) {
    this.#emit = emit
    this.#errors = errors
    this.#items = new OutputItems(emit)
  }

  get label(): 'mended' | undefined {
    return this.#isMended || this.#items.hasRenamed ? 'mended' : undefined
  }

  push(frame: Frame): void {
    const text = frame.text()
    // The end mark of chat completions, which some gateways add.
    if (text.trim() === '[DONE]') this.end()
    if (frame.event?.toLowerCase() === 'error') this.#failInWords(text)
    const event = this.#frames.parse(text)
    if (isErrorBody(event)) this.#fail(event)
    // Words and heartbeats, which a client of the dialect may not skip.
    this.#isMended = !isRecord(event) || (typeof event.type !== 'string' && event.object !== 'response')
    if (!isRecord(event)) return
    const type = typeof event.type === 'string' ? event.type : (frame.event ?? '')
    this.#isOurs ||= type !== ''
    if (event.object === 'response') this.#readDocument(event)
    else this.#readEvent(type, event)
  }

  end(): void {
    // Reached only without a finish, so the answer is incomplete.
    if (this.#frames.isEmpty || (this.#frames.isSingle && !this.#isOurs))
      throw new ChatError('malformed', 'the answer has no event of this dialect')
    throw new ChatError('truncated', 'the answer broke off before response.completed')
  }

  #readEvent(type: string, event: Wire): void {
    switch (type) {
      case 'response.created':
        if (this.#isCreated) throw new ChatError('malformed', 'a second answer begins inside the answer')
        this.#isCreated = true
        this.#start(event.response)
        break
      case 'response.queued':
      case 'response.in_progress':
        this.#start(event.response)
        break
      case 'response.completed':
      case 'response.done':
      case 'response.incomplete':
      case 'response.failed':
      case 'response.cancelled':
        this.#close(isRecord(event.response) ? event.response : {}, type)
        break
      default:
        this.#items.read(type, itemKey(event.output_index, event.item_id), event)
    }
  }

  #close(response: Wire, type: string): void {
    const ending = ENDINGS[type] ?? type.slice('response.'.length)
    this.#finish(response, ending)
    // Clients read the answer out of its last event.
    this.#isMended ||= type in ENDINGS || response.status !== ending || !this.#items.isWhole(response.output)
  }

  #readDocument(response: Wire): void {
    this.#start(response)
    this.#finish(response, 'completed')
  }

  #start(response: unknown): void {
    if (this.#started || !isRecord(response)) return
    this.#started = true
    const { model, id } = response
    if (typeof id === 'string') this.#items.callPrefix = `call_${id.replaceAll(/\W/g, '').slice(-24)}`
    this.#emit({
      type: 'start',
      ...(typeof model === 'string' && model !== '' && { model }),
      ...(typeof id === 'string' && id !== '' && { id }),
    })
  }

  /** @param ending How the answer ended, where the response itself does not say it. */
  #finish(response: Wire, ending: string): void {
    const status = this.#statusOf(response, ending)
    if (status === 'failed' || isErrorBody(response)) {
      this.#fail(isRecord(response.error) ? response : { error: response.error ?? 'the response failed' })
    }
    if (status !== 'completed' && status !== 'incomplete') {
      throw new ChatError('truncated', `the response ended as "${shown(status)}"`)
    }
    const isCut = status === 'incomplete' || isIncomplete(response.incomplete_details)
    this.#items.end(response, isCut)
    const usage: Usage | undefined = readUsage(response.usage)
    this.#emit({
      type: 'finish',
      reason: isCut ? incompleteReason(response.incomplete_details) : this.#reason(),
      ...(usage !== undefined && { usage }),
      ...(this.#frames.skipped > 0 && { skipped: this.#frames.skipped }),
    })
  }

  #statusOf(response: Wire, ending: string): string {
    const stated = typeof response.status === 'string' ? response.status.toLowerCase() : ending
    // Some gateways leave the status as it was in the first event, and some say that the client has tools to run.
    const isOutdated = this.#isCreated && (stated === 'in_progress' || stated === 'queued')
    return ending !== 'completed' || isOutdated || stated === 'requires_action' ? ending : stated
  }

  #reason(): FinishReason {
    if (this.#items.isRefused) return 'content-filter'
    return this.#items.callCount > 0 ? 'tool-calls' : 'stop'
  }

  /** An error event whose data is not JSON, as proxies send it. */
  #failInWords(text: string): void {
    try {
      if (isRecord(JSON.parse(text))) return
    } catch {
      // Words.
    }
    const { code, message } = readErrorBody(undefined, text)
    throw new ChatError(code, `the endpoint reports: ${message}`)
  }

  #fail(body: unknown): never {
    const { code, message } = readError(undefined, body, this.#errors)
    throw new ChatError(code, `the endpoint reports: ${message}`)
  }
}
