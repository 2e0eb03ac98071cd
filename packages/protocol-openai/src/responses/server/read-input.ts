import type { AssistantPart, FilePart, ImagePart, Message, NativePart, Origin, TextPart } from '@rivulet/core'
import { type Fields, isRecord, partsOf } from '@rivulet/core/provider'
import { isCitation } from '../citations.ts'
import { DIALECT } from '../dialect.ts'
import { joinedName } from '../namespaces.ts'
import { readProof } from '../proof.ts'
import { ADDITIONAL_TOOLS } from './read-tools.ts'

type ContentPart = TextPart | ImagePart | FilePart | NativePart

/** The messages of a request: its instructions, then its input. */
export function readInput(fields: Fields, seal: boolean): Message[] {
  const instructions = fields.text('instructions')
  const messages: Message[] = instructions === undefined ? [] : [{ role: 'system', content: instructions }]
  const input = fields.get('input')
  if (typeof input === 'string') return [...messages, { role: 'user', content: input }]
  const items =
    fields.objects('input') ?? fields.refuse('input', 'is missing: it must be a string or an array of items')
  if (items.length === 0) fields.refuse('input', 'is empty: give at least one item')
  const reader = new ItemReader(messages, seal)
  for (const item of items) reader.read(item)
  return reader.end()
}

/** Reads items in their order. What the assistant said, thought and called between two other messages is one turn. */
class ItemReader {
  readonly #messages: Message[]
  readonly #seal: boolean
  #parts: AssistantPart[] = []
  #origin: Origin | undefined
  /** The content of the last message, if it has several results of a call: copied for each, many would take quadratic time. */
  #joined: ContentPart[] | undefined
  /** A signature that came before the call that it belongs to. */
  #callSignature: string | undefined

  /** @param seal Reasoning that has no seal is of an author that is not known: its proof goes to nobody. */
  constructor(messages: Message[], seal: boolean) {
    this.#messages = messages
    this.#seal = seal
  }

  read(item: Fields): void {
    const type = item.text('type') ?? (item.get('role') === undefined ? 'item_reference' : 'message')
    switch (type) {
      case 'message':
        this.#message(item)
        break
      case 'reasoning':
        this.#reasoning(item)
        break
      case 'function_call':
        this.#call(item, {
          input: item.text('arguments') ?? item.refuse('arguments', 'is missing: it must be a string'),
        })
        break
      case 'custom_tool_call':
        this.#call(item, {
          input: item.text('input') ?? item.refuse('input', 'is missing: it must be a string'),
          format: 'text',
        })
        break
      case 'function_call_output':
      case 'custom_tool_call_output':
        this.#result(item.name('call_id'), readContent(item, 'output'))
        break
      case 'item_reference':
        item.refuse(
          'type',
          'is missing, or names an item of an earlier response: none is stored here, so send the item',
        )
        break
      case ADDITIONAL_TOOLS:
        // They are among the tools of the request.
        break
      default:
        this.#parts.push({ type: 'native', dialect: DIALECT, value: item.all })
    }
  }

  end(): Message[] {
    if (this.#parts.length > 0) {
      const [only] = this.#parts
      const isText = this.#parts.length === 1 && only?.type === 'text' && only.signature === undefined
      const content = isText ? only.text : this.#parts
      this.#messages.push({ role: 'assistant', content, ...(this.#origin && { origin: this.#origin }) })
    }
    this.#parts = []
    this.#origin = undefined
    this.#callSignature = undefined
    return this.#messages
  }

  #add(message: Message): void {
    this.end()
    this.#messages.push(message)
  }

  /** Codex sends notes of a running tool as further results of its call (2026-11-28); elsewhere a call has one. */
  #result(id: string, content: string | ContentPart[]): void {
    const last = this.end().at(-1)
    if (last?.role !== 'tool' || last.toolCallId !== id) {
      this.#messages.push({ role: 'tool', toolCallId: id, content })
      this.#joined = undefined
      return
    }
    if (this.#joined === undefined) {
      this.#joined = [...partsOf(last)]
      this.#messages.splice(-1, 1, { ...last, content: this.#joined })
    }
    if (typeof content === 'string') this.#joined.push({ type: 'text', text: content })
    else for (const part of content) this.#joined.push(part)
  }

  #message(item: Fields): void {
    const role = item.oneOf('role', ['user', 'assistant', 'system', 'developer']) ?? item.refuse('role', 'is missing')
    if (role === 'user') this.#add({ role, content: readContent(item, 'content') })
    else if (role === 'assistant') this.#said(item)
    else this.#add({ role: 'system', content: readTexts(item) })
  }

  #said(item: Fields): void {
    const phase = item.text('phase')
    if (phase !== undefined) this.#parts.push({ type: 'native', dialect: DIALECT, value: { type: 'message', phase } })
    const content = item.get('content')
    if (typeof content === 'string') {
      this.#parts.push({ type: 'text', text: content })
      return
    }
    for (const part of item.objects('content') ?? item.refuse('content', 'is missing')) {
      const type = part.oneOf('type', ['output_text', 'refusal', 'input_text']) ?? part.refuse('type', 'is missing')
      const name = type === 'refusal' ? 'refusal' : 'text'
      this.#parts.push({ type: 'text', text: part.text(name) ?? part.refuse(name, 'is missing: it must be a string') })
      for (const value of part.list('annotations') ?? []) {
        if (isRecord(value) && isCitation(value)) this.#parts.push({ type: 'native', dialect: DIALECT, value })
      }
    }
  }

  #reasoning(item: Fields): void {
    const parts = [...(item.objects('summary') ?? []), ...(item.objects('content') ?? [])]
    const text = parts.map((part) => part.text('text') ?? '').join('\n\n')
    const id = item.text('id')
    const content = item.text('encrypted_content') ?? ''
    const { origin, kind, value, id: boundTo = id } = readProof(content)
    if (content === '' || (this.#seal && origin === undefined)) {
      this.#parts.push({ type: 'reasoning', text })
      return
    }
    this.#attribute(origin)
    if (kind === 'call') this.#callSignature = value
    else if (kind === 'text') this.#signText(value)
    else if (kind === 'signature') this.#parts.push({ type: 'reasoning', text, signature: value })
    else {
      this.#parts.push({ type: 'reasoning', text, sealed: value, ...(boundTo !== undefined && { id: boundTo }) })
    }
  }

  /** A turn has one author. */
  #attribute(origin: Origin | undefined): void {
    if (origin === undefined) return
    const { provider, model } = this.#origin ?? origin
    if (provider !== origin.provider || model !== origin.model) this.end()
    this.#origin = origin
  }

  #signText(signature: string): void {
    const last = this.#parts.at(-1)
    if (last?.type === 'text') this.#parts.splice(-1, 1, { ...last, signature })
    else this.#parts.push({ type: 'text', text: '', signature })
  }

  #call(item: Fields, input: { input: string; format?: 'text' }): void {
    const namespace = item.text('namespace')
    const name = item.name('name')
    const signature = this.#callSignature
    this.#callSignature = undefined
    this.#parts.push({
      type: 'tool-call',
      id: item.name('call_id'),
      name: namespace === undefined ? name : joinedName(namespace, name),
      ...input,
      ...(signature !== undefined && { signature }),
    })
  }
}

/** Content of a user's message or of a result: a string, or parts. */
function readContent(item: Fields, name: string): string | ContentPart[] {
  const content = item.get(name)
  if (typeof content === 'string') return content
  const parts = item.objects(name) ?? item.refuse(name, 'is missing: it must be a string or an array of parts')
  return parts.map(readPart)
}

function readPart(part: Fields): ContentPart {
  const type = part.text('type') ?? part.refuse('type', 'is missing')
  switch (type) {
    case 'input_text':
    case 'output_text':
      return { type: 'text', text: part.text('text') ?? part.refuse('text', 'is missing: it must be a string') }
    case 'input_image': {
      const url = part.text('image_url')
      return url === undefined ? nativePart(part, 'image_url') : { type: 'image', url }
    }
    case 'input_file': {
      const url = part.text('file_data') ?? part.text('file_url')
      if (url === undefined) return nativePart(part, 'file_data')
      const name = part.text('filename')
      return { type: 'file', url, ...(name !== undefined && { name }) }
    }
    default:
      return { type: 'native', dialect: DIALECT, value: part.all }
  }
}

/** A part that names an upload: only the vendor has it. */
function nativePart(part: Fields, missing: string): NativePart {
  if (part.text('file_id') === undefined) part.refuse(missing, 'is missing')
  return { type: 'native', dialect: DIALECT, value: part.all }
}

/** The text of a message that consists of text alone. */
function readTexts(item: Fields): string {
  const content = readContent(item, 'content')
  if (typeof content === 'string') return content
  return content
    .map((part) => (part.type === 'text' ? part.text : item.refuse('content', 'must be text alone in this role')))
    .join('')
}
