import { ChatError, type Usage } from '@rivulet/core'
import {
  argumentsText,
  CallIds,
  type DecodedEvent,
  Envelope,
  type Frame,
  isErrorBody,
  isErrorEvent,
  isRecord,
  JsonFrames,
  jsonOrText,
  readErrorBody,
  readFinishReason,
  type Sink,
} from '@rivulet/core/provider'
import { type PieceOfLine, pieceOfText } from './piece-of-text.ts'

/**
 * Decodes an answer of `/api/chat`: one JSON object a line, or one document. It is whole at `"done": true`; anything shorter is
 * `truncated`. Tool calls come whole.
 *
 * @see https://docs.ollama.com/api/chat (2026-11-20)
 */
export function decode(emit: (event: DecodedEvent) => void): Sink<Frame> {
  return new OllamaDecoder(emit)
}

class OllamaDecoder implements Sink<Frame> {
  readonly #emit: (event: DecodedEvent) => void
  readonly #frames = new JsonFrames()
  readonly #envelope = new Envelope(pieceOfText)
  /** Where the text is in a line of that envelope, once it is learnt. */
  #field: PieceOfLine['field'] | undefined
  #started = false
  /** When the answer began, in digits: older servers give calls no id, and ids of two answers must differ. */
  #began = ''
  readonly #ids = new CallIds()
  #hasCalls = false

  constructor(emit: (event: DecodedEvent) => void) {
    this.#emit = emit
  }

  push(frame: Frame): void {
    // From a gateway that sends events.
    if (isErrorEvent(frame)) throw reported(jsonOrText(frame.text()))
    const text = this.#envelope.textOf(frame)
    if (text === undefined) this.#readJson(frame.text())
    else if (this.#field === 'content') this.#say(text)
    else this.#think(text)
  }

  end(): void {
    if (!this.#started) throw new ChatError('malformed', 'the answer has no message of this dialect')
    throw new ChatError('truncated', 'the answer broke off before its last line')
  }

  #readJson(json: string): void {
    const line = this.#frames.parse(json)
    if (isErrorBody(line)) throw reported(line)
    if (this.#envelope.learn(json, line)) this.#field = pieceOfText(line)?.field
    if (isRecord(line)) this.#readLine(line)
  }

  #readLine(line: Record<string, unknown>): void {
    const { message, done, model, created_at: createdAt } = line
    if (!isRecord(message) && done === undefined) return
    if (!this.#started) {
      this.#started = true
      this.#began = typeof createdAt === 'string' ? createdAt.replaceAll(/\D/g, '') : ''
      this.#emit({ type: 'start', ...(typeof model === 'string' && model !== '' && { model }) })
    }
    if (isRecord(message)) this.#readMessage(message)
    if (done === true) this.#finish(line)
  }

  #readMessage({ thinking, content, tool_calls: calls }: Record<string, unknown>): void {
    if (typeof thinking === 'string') this.#think(thinking)
    if (typeof content === 'string') this.#say(content)
    if (Array.isArray(calls)) for (const call of calls) if (isRecord(call)) this.#call(call)
  }

  /** Reasoning goes back with the results of the tools that it led to. */
  #think(text: string): void {
    if (text !== '') this.#emit({ type: 'reasoning', text })
  }

  #say(text: string): void {
    if (text !== '') this.#emit({ type: 'text', text })
  }

  #call({ id: received, function: called }: Record<string, unknown>): void {
    const { name, arguments: args } = isRecord(called) ? called : {}
    if (typeof name !== 'string' || name === '') throw new ChatError('malformed', 'a tool call has no name')
    const id = this.#ids.take(received, `call_${this.#began}`)
    const json = argumentsText(args)
    this.#hasCalls = true
    this.#emit({ type: 'tool-call', id, name })
    if (json !== '') this.#emit({ type: 'tool-input', id, text: json })
  }

  #finish({ done_reason: received, prompt_eval_count: input, eval_count: output }: Record<string, unknown>): void {
    // The first servers gave none.
    const reason = readFinishReason(received) ?? 'stop'
    const endsEarly = reason === 'length' || reason === 'content-filter'
    const usage = usageOf(input, output)
    const { skipped } = this.#frames
    this.#emit({
      type: 'finish',
      reason: this.#hasCalls && !endsEarly ? 'tool-calls' : reason,
      ...(usage !== undefined && { usage }),
      ...(skipped > 0 && { skipped }),
    })
  }
}

/** An error inside an answer that began as a success. */
function reported(body: unknown): ChatError {
  const { code, message } = readErrorBody(undefined, body)
  return new ChatError(code, `the endpoint reports: ${message}`)
}

/** A prompt that was still in memory is not counted. */
function usageOf(input: unknown, output: unknown): Usage | undefined {
  if (!isCount(input) && !isCount(output)) return undefined
  return { inputTokens: isCount(input) ? input : 0, outputTokens: isCount(output) ? output : 0, source: 'reported' }
}

const isCount = (value: unknown): value is number => Number.isInteger(value)
