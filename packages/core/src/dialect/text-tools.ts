/** Text tools in dialects that have functions alone: the text travels as `{ "input": "…" }`, and back. */

import type { ChatRequest, FunctionTool, NativeTool, TextTool, ToolCallPart } from '../chat.ts'
import { ChatError } from '../errors.ts'
import type { DecodedEvent } from '../protocol.ts'
import type { Dropped } from './dropped.ts'
import { isCutJson } from './json-frames.ts'

const PARAMETERS = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
  additionalProperties: false,
} as const

/**
 * The tools of a request for a dialect without text tools: those are sent as functions, and named. A grammar goes into the
 * description.
 *
 * @example
 * const dropped = new Dropped()
 * const tools = textToolsAsFunctions(request.tools, dropped)
 */
export const textToolsAsFunctions = (
  tools: ChatRequest['tools'] = [],
  dropped: Dropped,
): readonly (FunctionTool | NativeTool)[] =>
  tools.map((tool) => {
    if (tool.type !== 'text') return tool
    dropped.add(`tool '${tool.name}' sent as a function`)
    return asFunction(tool)
  })

function asFunction({ name, description, grammar, cache }: TextTool): FunctionTool {
  const rule = grammar?.syntax === 'lark' ? 'Lark grammar' : 'regular expression'
  const words = [description, grammar && `The input must match this ${rule}:\n${grammar.definition}`]
  return {
    name,
    description: words.filter((each) => each !== undefined).join('\n\n') || undefined,
    parameters: PARAMETERS,
    cache,
  }
}

/** A call of a conversation for such a dialect: its text becomes the argument of a function. */
export const textCallAsJson = (call: ToolCallPart): ToolCallPart =>
  call.format === 'text' ? { ...call, format: 'json', input: JSON.stringify({ input: call.input }) } : call

/**
 * Turns the calls of text tools, which the model has made as functions, back into text while they stream. Other events pass.
 *
 * @throws ChatError from the function that it returns, as {@link TextInput} does.
 * @example
 * const emit = unwrapTextCalls(request.tools, (event) => console.log(event))
 * emit({ type: 'tool-call', id: 'call_1', name: 'apply_patch' })
 */
export function unwrapTextCalls(
  tools: ChatRequest['tools'] = [],
  emit: (event: DecodedEvent) => void,
): (event: DecodedEvent) => void {
  const texts = tools.filter((tool) => tool.type === 'text')
  if (texts.length === 0) return emit
  const names = new Set(texts.map(({ name }) => name))
  const inputs = new Map<string, TextInput>()
  return (event) => {
    if (event.type === 'tool-call' && names.has(event.name)) {
      inputs.set(event.id, new TextInput(event.id))
      emit({ ...event, format: 'text' })
      return
    }
    const input = event.type === 'tool-input' ? inputs.get(event.id) : undefined
    if (event.type === 'tool-input' && input !== undefined) {
      const text = input.add(event.text)
      if (text !== '') emit({ ...event, text })
      return
    }
    // An answer that ended early may have cut its last call.
    if (event.type === 'finish' && event.reason !== 'length' && event.reason !== 'content-filter') {
      for (const each of inputs.values()) each.end()
    }
    emit(event)
  }
}

/** What precedes the text, and how long it or what follows the text may be: models add spaces, not thousands. */
const HEAD = /^\s*\{\s*"input"\s*:\s*"/
const MAX_AROUND = 1_024
const STOP = /["\\]/g

/**
 * Reads the text out of `{ "input": "…" }`, which comes in pieces of any size. Each character is read once.
 *
 * @example
 * const input = new TextInput('call_1')
 * input.add('{"input": "a\\') // 'a'
 * input.add('nb"}') // '\nb'
 * input.end()
 */
export class TextInput {
  readonly #id: string
  /** What has come and is not read yet: the head, an escape that is cut, what follows the text. */
  #held = ''
  /** The first half of a character. */
  #half = ''
  #place: 'head' | 'text' | 'tail' = 'head'

  /** @param id The id of the call, for messages. */
  constructor(id: string) {
    this.#id = id
  }

  /** The text of the next piece. */
  add(piece: string): string {
    this.#held += piece
    if (this.#place === 'head') {
      const head = HEAD.exec(this.#held)?.[0]
      if (head !== undefined) {
        this.#place = 'text'
        this.#held = this.#held.slice(head.length)
      }
    }
    const text = this.#place === 'text' ? this.#read() : ''
    if (this.#held.length > MAX_AROUND) throw this.#malformed()
    return text
  }

  /** @throws ChatError `truncated` or `malformed` for arguments that are not such an object: the tool must not run with others. */
  end(): void {
    const rest = this.#held.trim()
    if (this.#place === 'tail' && rest === '}') return
    const isCut = this.#place === 'head' ? isCutJson(rest) : this.#place === 'text' || rest === ''
    if (isCut) throw new ChatError('truncated', `the input of tool call ${this.#id} broke off`)
    throw this.#malformed()
  }

  #read(): string {
    const { end, isClosed } = textEnd(this.#held)
    let text = this.#half + this.#unescaped(this.#held.slice(0, end))
    this.#half = ''
    this.#held = this.#held.slice(isClosed ? end + 1 : end)
    if (isClosed) this.#place = 'tail'
    else if (/[\ud800-\udbff]$/.test(text)) {
      this.#half = text.slice(-1)
      text = text.slice(0, -1)
    }
    return text
  }

  #unescaped(escaped: string): string {
    try {
      return JSON.parse(`"${escaped}"`) as string
    } catch {
      throw this.#malformed()
    }
  }

  #malformed(): ChatError {
    return new ChatError('malformed', `the input of tool call ${this.#id} is not {"input": "…"}`)
  }
}

/** Where the text ends: at its quote, before an escape that is cut, or with the piece. */
function textEnd(json: string): { end: number; isClosed: boolean } {
  let end = 0
  for (;;) {
    STOP.lastIndex = end
    const at = STOP.exec(json)?.index
    if (at === undefined) return { end: json.length, isClosed: false }
    if (json[at] === '"') return { end: at, isClosed: true }
    end = at + (json[at + 1] === 'u' ? 6 : 2)
    if (end > json.length) return { end: at, isClosed: false }
  }
}
