import type {
  AssistantPart,
  FilePart,
  ImagePart,
  Message,
  NativePart,
  Origin,
  SystemMessage,
  ToolMessage,
  ToolPart,
  UserPart,
} from '@rivulet/core'
import { CallIds, defined, isRecord, readSeal } from '@rivulet/core/provider'
import { DIALECT, NATIVE_DATA, NOT_SIGNED } from '../wire-part.ts'
import type { Fields } from './fields.ts'

/** The instructions, each part as a message. */
export function readInstruction(body: Fields): SystemMessage[] {
  const parts = body.object('systemInstruction')?.objects('parts') ?? []
  return parts.map((part) => ({
    role: 'system',
    content: part.text('text') ?? part.refuse('text', 'is missing: instructions are texts'),
  }))
}

/**
 * Reads `contents`. Calls without an id, as older models and their clients leave it out, get one, and results find their call by
 * its name.
 *
 * @param isSealed Signatures come back with their authors: no author is known of any other signature.
 */
export function readContents(body: Fields, isSealed: boolean): Message[] {
  const contents = body.objects('contents') ?? body.refuse('contents', 'is missing: it must be an array')
  if (contents.length === 0) body.refuse('contents', 'is empty: give at least one')
  const calls = new OpenCalls()
  return contents.flatMap((content): Message[] => {
    const role = content.oneOf('role', ['USER', 'MODEL', 'FUNCTION']) ?? 'USER'
    const parts = content.objects('parts') ?? content.refuse('parts', 'is missing: it must be an array')
    return role === 'MODEL' ? [readTurn(parts, calls, isSealed)] : readUser(parts, calls)
  })
}

/** Calls in their order, of which the first without a result is next. */
interface Queue {
  calls: { id: string; hasResult: boolean }[]
  next: number
}

/** The calls of a conversation, by the ids that were given and by their names: a stranger may send a million. */
class OpenCalls {
  readonly #ids = new CallIds()
  readonly #byId = new Map<string, Queue>()
  readonly #byName = new Map<string, Queue>()

  add(given: string | undefined, name: string): string {
    const call = { id: this.#ids.take(given, 'call'), hasResult: false }
    if (given !== undefined) queueIn(this.#byId, given).calls.push(call)
    queueIn(this.#byName, name).calls.push(call)
    return call.id
  }

  /** The id of the call that a result is for. */
  take(given: string | undefined, name: string): string {
    const queue = given === undefined ? this.#byName.get(name) : this.#byId.get(given)
    while (queue?.calls[queue.next]?.hasResult === true) queue.next++
    const call = queue?.calls[queue.next]
    if (call === undefined) return given ?? name
    call.hasResult = true
    return call.id
  }
}

function queueIn(queues: Map<string, Queue>, key: string): Queue {
  const queue = queues.get(key) ?? { calls: [], next: 0 }
  queues.set(key, queue)
  return queue
}

function readUser(parts: readonly Fields[], calls: OpenCalls): Message[] {
  const results: ToolMessage[] = []
  const content: UserPart[] = []
  for (const part of parts) {
    const result = part.object('functionResponse')
    if (result !== undefined) {
      results.push(readResult(result, calls))
      continue
    }
    const text = part.text('text')
    content.push(text === undefined ? readMedia(part) : { type: 'text', text })
  }
  const [only] = content
  if (only === undefined) return results
  const isText = content.length === 1 && only.type === 'text'
  return [...results, { role: 'user', content: isText ? only.text : content }]
}

function readResult(result: Fields, calls: OpenCalls): ToolMessage {
  const toolCallId = calls.take(result.text('id'), result.name('name'))
  const { text, isError } = resultText(result.record('response') ?? {})
  const media = (result.objects('parts') ?? []).map((part) => readMedia(part))
  const texts: ToolPart[] = text === '' ? [] : [{ type: 'text', text }]
  return {
    role: 'tool',
    toolCallId,
    content: media.length === 0 ? text : [...texts, ...media],
    ...(isError && { isError }),
  }
}

/** The keys that the API names, alone; any other result is its JSON. */
function resultText(response: Record<string, unknown>): { text: string; isError: boolean } {
  const [[key, value] = ['', undefined], ...others] = Object.entries(response)
  const isNamed = others.length === 0 && ['output', 'result', 'error'].includes(key)
  const isError = isNamed && key === 'error'
  if (isNamed && typeof value === 'string') return { text: value, isError }
  return { text: JSON.stringify(isNamed ? value : response), isError }
}

/** Images and documents, by their data or their address; what else a part may hold stays as it is. */
function readMedia(part: Fields): ImagePart | FilePart | NativePart {
  const data = part.object('inlineData')
  const type = (data ?? part.object('fileData'))?.text('mimeType') ?? ''
  const url =
    data === undefined ? part.object('fileData')?.name('fileUri') : `data:${type};base64,${data.text('data') ?? ''}`
  if (url === undefined || !/^(https|data):/i.test(url)) return readNative(part)
  if (/^image\//i.test(type)) return { type: 'image', url }
  return { type: 'file', url, ...defined({ name: (data ?? part.object('fileData'))?.text('displayName') }) }
}

function readNative(part: Fields): NativePart {
  const name = NATIVE_DATA.find((each) => part.get(each) !== undefined)
  if (name === undefined) part.refuse('text', `is missing: a part has a text, or one of ${NATIVE_DATA.join(', ')}`)
  const value = defined({ [name]: part.get(name), thoughtSignature: part.text('thoughtSignature') })
  return { type: 'native', dialect: DIALECT, value }
}

function readTurn(parts: readonly Fields[], calls: OpenCalls, isSealed: boolean): Message {
  let origin: Origin | undefined
  const content = parts.map((part): AssistantPart => {
    const given = part.text('thoughtSignature')
    const sealed = given === undefined ? undefined : readSeal(given)
    if (sealed !== undefined) origin ??= { provider: sealed.provider, model: sealed.model }
    const isAuthors = sealed?.provider === origin?.provider && sealed?.model === origin?.model
    const isOwn = sealed !== undefined && isAuthors
    const plain = isSealed || given === '' || given === NOT_SIGNED ? undefined : given
    const proof = sealed === undefined ? plain : isOwn ? sealed.value : undefined
    const signature = defined({ signature: proof })
    const call = part.object('functionCall')
    if (call !== undefined) {
      const name = call.name('name')
      const input = JSON.stringify(call.record('args') ?? {})
      return { type: 'tool-call', id: calls.add(call.text('id'), name), name, input, ...signature }
    }
    const text = part.text('text')
    if (text === undefined) return readNative(part)
    if (part.flag('thought') !== true) return { type: 'text', text, ...signature }
    // A seal with an id has content that is sealed, and not a signature.
    if (!isOwn || sealed.id === undefined) return { type: 'reasoning', text, ...signature }
    return { type: 'reasoning', text, sealed: sealed.value, ...(sealed.id !== '' && { id: sealed.id }) }
  })
  const [only] = content
  const isPlain = content.length === 1 && isRecord(only) && only.type === 'text' && only.signature === undefined
  return {
    role: 'assistant',
    content: isPlain ? only.text : content,
    ...(origin !== undefined && { origin }),
  }
}
