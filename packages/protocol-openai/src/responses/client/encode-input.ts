import type {
  AssistantMessage,
  AssistantPart,
  ChatRequest,
  Message,
  NativePart,
  ReasoningPart,
  ToolMessage,
  ToolPart,
  UserMessage,
  UserPart,
} from '@rivulet/core'
import { type Dropped, isAuthor, partsOf } from '@rivulet/core/provider'
import { encodeArguments } from '../../client/encode-arguments.ts'
import { fileName, mediaUrl } from '../../client/media-url.ts'
import { cutToolId } from '../../client/short-tool-id.ts'
import { isCitation } from '../citations.ts'
import { DIALECT } from '../dialect.ts'
import type { ResponsesOptions } from '../options.ts'
import { namespacesOf } from './encode-tools.ts'

type Wire = Record<string, unknown>

/** The API refuses a longer id of a call. */
const MAX_ID_LENGTH = 64

/** Encodes the messages of a request as items, in their order. */
export class InputEncoder {
  readonly #options: ResponsesOptions
  readonly #model: string
  readonly #dropped: Dropped
  readonly #namespaces: ReturnType<typeof namespacesOf>
  /** The calls of text tools: their results have another type. */
  readonly #textCalls = new Set<string>()

  constructor({ model, tools }: ChatRequest, options: ResponsesOptions, dropped: Dropped) {
    this.#model = model
    this.#options = options
    this.#dropped = dropped
    this.#namespaces = namespacesOf(tools)
  }

  encode(message: Message): Wire[] {
    switch (message.role) {
      case 'system':
        return [{ role: 'system', content: message.content }]
      case 'user':
        return this.#user(message)
      case 'assistant':
        return this.#assistant(message)
      case 'tool':
        return [this.#result(message)]
    }
  }

  #user(message: UserMessage): Wire[] {
    if (typeof message.content === 'string') return [{ role: 'user', content: message.content }]
    const items: Wire[] = []
    let content: Wire[] = []
    const flush = (): void => {
      if (content.length > 0) items.push({ role: 'user', content })
      content = []
    }
    for (const part of message.content) {
      const encoded = this.#part(part)
      if (encoded === undefined) continue
      if (part.type !== 'native' || isContent(part)) content.push(encoded)
      else {
        flush()
        items.push(encoded)
      }
    }
    flush()
    return items
  }

  #result(message: ToolMessage): Wire {
    const { toolCallId: id, content } = message
    return {
      type: this.#textCalls.has(id) ? 'custom_tool_call_output' : 'function_call_output',
      call_id: cutToolId(id, MAX_ID_LENGTH),
      output: typeof content === 'string' ? content : content.flatMap((part) => this.#part(part) ?? []),
    }
  }

  #part(part: UserPart | ToolPart): Wire | undefined {
    if (part.type === 'native') return this.#native(part)
    const { imageTypes, fileTypes } = this.#options
    switch (part.type) {
      case 'text':
        return { type: 'input_text', text: part.text }
      case 'image':
        return { type: 'input_image', image_url: mediaUrl(part.url, 'images', imageTypes), detail: 'auto' }
      case 'file': {
        const url = mediaUrl(part.url, 'files', fileTypes)
        return url.startsWith('data:')
          ? { type: 'input_file', filename: part.name ?? fileName(url), file_data: url }
          : { type: 'input_file', file_url: url }
      }
    }
  }

  #assistant(message: AssistantMessage): Wire[] {
    const parts = partsOf(message)
    const items: Wire[] = []
    let said: Said | undefined
    const flush = (): void => {
      if (said !== undefined && !said.isBlank) items.push(said.item())
      said = undefined
    }
    for (const part of parts) {
      if (part.type === 'text') (said ??= new Said()).text += part.text
      else if (part.type === 'native' && part.dialect === DIALECT && isCitation(part.value)) {
        ;(said ??= new Said()).annotations.push(part.value)
      } else {
        flush()
        if (isPhase(part)) said = new Said(part.value.phase)
        else items.push(...this.#item(part, message))
      }
    }
    const last: Said | undefined = said
    flush()
    // A turn that says nothing is sent, unless something else is in its place.
    return items.length > 0 || (parts.length > 0 && last === undefined) ? items : [(last ?? new Said()).item()]
  }

  #item(part: AssistantPart, { origin: author }: AssistantMessage): Wire[] {
    switch (part.type) {
      case 'reasoning': {
        const { origin } = this.#options
        const isOwn = origin !== undefined && isAuthor(author, origin, this.#model)
        if (isOwn && part.sealed !== undefined) return [encodeThought(part, part.sealed)]
        // Without a seal there is nothing to continue from: the endpoint has stored nothing.
        this.#dropped.add(isOwn ? 'reasoning without a signature' : 'reasoning of another model')
        return []
      }
      case 'tool-call': {
        const about = { call_id: cutToolId(part.id, MAX_ID_LENGTH), ...this.#namespaces.split(part.name) }
        // An id may come again in a later turn, for a call of another tool.
        if (part.format !== 'text') {
          this.#textCalls.delete(part.id)
          return [{ type: 'function_call', ...about, arguments: encodeArguments(part) }]
        }
        this.#textCalls.add(part.id)
        return [{ type: 'custom_tool_call', ...about, input: part.input }]
      }
      case 'native':
        return [this.#native(part) ?? []].flat()
      case 'text':
        return []
    }
  }

  #native({ dialect, value }: NativePart): Wire | undefined {
    if (dialect === DIALECT) return value
    this.#dropped.add(`native parts of ${dialect}`)
    return undefined
  }
}

/** A message of the assistant's. */
class Said {
  readonly phase: unknown
  text = ''
  readonly annotations: Wire[] = []

  constructor(phase?: unknown) {
    this.phase = phase
  }

  get isBlank(): boolean {
    return this.text.trim() === ''
  }

  item(): Wire {
    const { text, annotations, phase } = this
    const content = annotations.length === 0 ? text : [{ type: 'output_text', text, annotations }]
    return { role: 'assistant', content, ...(phase !== undefined && { phase }) }
  }
}

function encodeThought({ text, id }: ReasoningPart, sealed: string): Wire {
  const summary = text === '' ? [] : [{ type: 'summary_text', text }]
  return { type: 'reasoning', ...(id !== undefined && { id }), summary, encrypted_content: sealed }
}

/** Whether a native part is content of a message, and not an item. */
const isContent = ({ value: { type } }: NativePart): boolean => typeof type === 'string' && type.startsWith('input_')

/** Whether a part says which phase the next message belongs to, and has nothing else. */
const isPhase = (part: AssistantPart): part is NativePart =>
  part.type === 'native' && part.dialect === DIALECT && part.value.type === 'message' && !('content' in part.value)
