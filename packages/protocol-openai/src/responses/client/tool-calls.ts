import { ChatError } from '@rivulet/core'
import { boundedJson, CallIds, type DecodedEvent, isCutJson, isRecord, shown } from '@rivulet/core/provider'
import { isSameJson } from '../../same-json.ts'
import { joinedName } from '../namespaces.ts'
import { isIndexKey, itemKey } from './item-key.ts'

type Wire = Readonly<Record<string, unknown>>

/** Whether the input of a call is JSON, or any text. */
type Format = 'json' | 'text'

interface Call {
  /** As the endpoint names it: not unique everywhere. */
  wireId: string
  /** As the events name it; `''` until the call is announced. */
  id: string
  name: string
  /** Of the tool; `''` for most. */
  namespace: string
  /** `'text'` for a call of a custom tool. */
  format: Format
  /** The input so far. */
  json: string
  /** The arguments that came with the beginning of the call. */
  first: string
  isWhole: boolean
  isInOutput: boolean
}

/** The calls of one id, and the first that the final response may repeat. */
interface Namesakes {
  readonly calls: Call[]
  next: number
}

/** How much is held of calls that are not announced yet. */
const MAX_HELD_CHARACTERS = 16 * 1024 * 1024

/**
 * The calls of an output. The input of each arrives in pieces, and are repeated at their end, at the end of
 * the item and at the end of the response. What the pieces left out is said when the first repetition brings it.
 */
export class ToolCalls {
  /** Begins the ids that are made up: they differ between the answers of a conversation. */
  idPrefix = 'call'
  readonly #emit: (event: DecodedEvent) => void
  readonly #byKey = new Map<string, Call>()
  readonly #byWireId = new Map<string, Namesakes>()
  readonly #calls: Call[] = []
  readonly #ids = new CallIds()
  /** Whether a call has got another id than the endpoint gave it. */
  isRenamed = false
  /** Where the search for a call begins that the final response names otherwise. */
  #unnamed = 0
  #inOutput = 0
  #heldCharacters = 0

  constructor(emit: (event: DecodedEvent) => void) {
    this.#emit = emit
  }

  get count(): number {
    return this.#calls.length
  }

  added(key: string, item: Wire): void {
    const format = formatOf(item)
    const wireId = textOf(item.call_id)
    const known = this.#byKey.get(key)
    // Some servers count every item as 0.
    const isSame = known !== undefined && !known.isWhole && isSameId(known.wireId, wireId)
    const call = isSame ? known : this.#begin(key, format)
    this.#identify(call, item)
    this.#announce(call)
    call.first = inputOf(item, format)
  }

  /** @throws ChatError `malformed` for a piece after the whole. */
  piece(key: string, json: string, format: Format): void {
    if (json === '') return
    const call = this.#at(key, format)
    if (call.isWhole) throw differs(call)
    this.#add(call, json)
  }

  /** The end of the input. It may have the name, but has no id: the call is announced when its item comes. */
  inputDone(key: string, event: Wire, format: Format): void {
    this.#whole(this.#at(key, format), event)
  }

  /** The end of the item. */
  done(key: string, item: Wire): void {
    const known = this.#at(key, formatOf(item))
    const call = isSameId(known.wireId, textOf(item.call_id)) ? known : this.#begin(key, formatOf(item))
    this.#whole(call, item)
    this.#announce(call)
  }

  /** An item of the final response. Its place may differ from that in the events. */
  output(index: number, item: Wire): void {
    const call = this.#inEvents(index, item) ?? this.#begin(`output ${index}`, formatOf(item))
    call.isInOutput = true
    this.#inOutput++
    this.#whole(call, item)
    this.#announce(call)
  }

  /**
   * @param isCut Whether the answer ended early: it may have cut a call.
   * @throws ChatError `malformed` for a call without a name and for arguments that are no object, `truncated` for cut ones.
   */
  end(isCut: boolean): void {
    // Some servers repeat only some of the items that have ended.
    const isLeftOut = ({ isWhole, isInOutput }: Call): boolean => !isWhole && !isInOutput
    if (this.#inOutput > 0 && this.#calls.some(isLeftOut)) {
      throw new ChatError('malformed', 'the answer began a tool call that its end does not repeat')
    }
    for (const call of this.#calls) {
      if (call.json === '') this.#add(call, call.first)
      this.#announce(call)
      if (call.name === '' && !isCut) throw new ChatError('malformed', 'the answer has a tool call without a name')
      // A text does not show whether it is whole: only its repetition does.
      if (call.format === 'text' ? call.isWhole : isArguments(call.json)) continue
      const isCutCall = call.format === 'text' || isCutJson(call.json)
      if (isCutCall && isCut) continue
      throw new ChatError(
        isCutCall ? 'truncated' : 'malformed',
        `the ${call.format === 'text' ? 'input' : 'arguments'} of tool call ${shown(call.id)} ${isCutCall ? 'broke off' : 'are not a JSON object'}`,
      )
    }
  }

  #begin(key: string, format: Format): Call {
    const call: Call = {
      wireId: '',
      id: '',
      name: '',
      namespace: '',
      format,
      json: '',
      first: '',
      isWhole: false,
      isInOutput: false,
    }
    this.#byKey.set(key, call)
    this.#calls.push(call)
    return call
  }

  #at(key: string, format: Format): Call {
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const last = this.#calls.at(-1)
    // Without an index in the output, only ids name an item, and some servers change them from event to event.
    if (isIndexKey(key) || last === undefined || last.isWhole) return this.#begin(key, format)
    this.#byKey.set(key, last)
    return last
  }

  /** The call that an item of the final response repeats. */
  #inEvents(index: number, item: Wire): Call | undefined {
    const wireId = textOf(item.call_id)
    const namesakes = this.#byWireId.get(wireId)
    if (namesakes !== undefined) {
      while (namesakes.calls[namesakes.next]?.isInOutput === true) namesakes.next++
      const named = namesakes.calls[namesakes.next]
      if (named !== undefined) return named
    }
    const atIndex = this.#byKey.get(itemKey(index, undefined))
    if (atIndex?.isInOutput === false) return atIndex
    let next = this.#calls[this.#unnamed]
    while (next?.isInOutput === true) next = this.#calls[++this.#unnamed]
    const isRepeated = next?.name === textOf(item.name) && inputOf(item, next.format).startsWith(next.json)
    return isRepeated ? next : undefined
  }

  #whole(call: Call, item: Wire): void {
    this.#identify(call, item)
    const json = inputOf(item, call.format)
    if (json === '' && (call.format === 'json' || item.input !== '')) return
    // An empty object says no more than no arguments.
    const isNone = call.format === 'json' && call.json === '' && json.trim() === '{}'
    if (isNone) call.isWhole = true
    else if (!call.isWhole && json.startsWith(call.json)) this.#add(call, json.slice(call.json.length))
    // Gateways write the JSON anew, with other spaces.
    else if (json !== call.json && (call.format === 'text' || !isSameJson(json, call.json))) throw differs(call)
    call.isWhole = true
  }

  #identify(call: Call, item: Wire): void {
    const wireId = textOf(item.call_id)
    const name = textOf(item.name)
    if (call.wireId === '' && wireId !== '') {
      call.wireId = wireId
      const namesakes = this.#byWireId.get(wireId)
      if (namesakes === undefined) this.#byWireId.set(wireId, { calls: [call], next: 0 })
      else namesakes.calls.push(call)
    }
    if (name !== '' && call.name !== '' && name !== call.name) throw differs(call)
    call.name ||= name
    call.namespace ||= textOf(item.namespace)
  }

  #announce(call: Call): void {
    if (call.id !== '' || call.name === '') return
    call.id = this.#ids.take(call.wireId, this.idPrefix)
    this.isRenamed ||= call.id !== call.wireId
    const name = call.namespace === '' ? call.name : joinedName(call.namespace, call.name)
    this.#emit({ type: 'tool-call', id: call.id, name, ...(call.format === 'text' && { format: 'text' }) })
    if (call.json !== '') this.#emit({ type: 'tool-input', id: call.id, text: call.json })
  }

  #add(call: Call, json: string): void {
    if (json === '') return
    call.json += json
    if (call.id !== '') {
      this.#emit({ type: 'tool-input', id: call.id, text: json })
      return
    }
    this.#heldCharacters += json.length
    if (this.#heldCharacters > MAX_HELD_CHARACTERS) {
      throw new ChatError(
        'malformed',
        `more than ${MAX_HELD_CHARACTERS} characters of arguments came before their name`,
      )
    }
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const formatOf = ({ type }: Wire): Format => (type === 'custom_tool_call' ? 'text' : 'json')

/** Some servers send the arguments as an object. */
function inputOf({ arguments: json, input }: Wire, format: Format): string {
  if (format === 'text') return textOf(input)
  return typeof json === 'object' && json !== null ? boundedJson(json, Infinity) : textOf(json)
}

const isSameId = (one: string, other: string): boolean => one === '' || other === '' || one === other

/** No text and the word null mean no arguments. */
function isArguments(text: string): boolean {
  if (text.trim() === '') return true
  try {
    const value: unknown = JSON.parse(text)
    return value === null || isRecord(value)
  } catch {
    return false
  }
}

const differs = ({ id }: Call): ChatError =>
  new ChatError('malformed', `the pieces of tool call ${shown(id)} differ from the whole that the answer repeats`)
