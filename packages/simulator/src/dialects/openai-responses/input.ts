import { looksLikeSignature, signatureOf } from '../../answers/reasoning.ts'
import { recordsIn, textIn } from '../../fields.ts'
import type { Message } from '../../messages.ts'
import { RequestError } from '../../request-error.ts'

type Item = Record<string, unknown>

/** The `encrypted_content` of a reasoning item. */
export const encryptedContentOf = (id: string): string => signatureOf('reasoning', id)

/** The conversation from checked fields; also checks that calls and outputs match. */
export function inputOf(instructions: unknown, input: unknown): Message[] {
  const system: Message[] = textIn(instructions) === '' ? [] : [{ role: 'system', content: textIn(instructions) }]
  if (typeof input === 'string') return [...system, { role: 'user', content: input }]
  const items = recordsIn(input)
  checkCalls(items)
  return [...system, ...items.flatMap(messagesOf)]
}

function messagesOf(item: Item): Message[] {
  switch (item.type) {
    case 'reasoning':
      checkEncryptedContent(item)
      return []
    case 'item_reference':
      return refuseReference(item)
    case 'function_call':
    case 'custom_tool_call':
      return [{ role: 'assistant', content: '' }]
    case 'function_call_output':
    case 'custom_tool_call_output':
      return [{ role: 'tool', content: textOf(item.output) }]
    case undefined:
    case 'message': {
      const images = recordsIn(item.content).filter(({ type }) => type === 'input_image').length
      const role = item.role === 'assistant' || item.role === 'user' ? item.role : 'system'
      return [{ role, content: textOf(item.content), ...(images > 0 ? { images } : {}) }]
    }
    default:
      // What the vendor's own tools did.
      return []
  }
}

function checkCalls(items: readonly Item[]): void {
  const idsOf = (kind: string): Set<string> =>
    new Set(items.filter(({ type }) => type === kind).map(({ call_id: id }) => textIn(id)))
  for (const [kind, words] of [
    ['function_call', 'function call'],
    ['custom_tool_call', 'custom tool call'],
  ] as const) {
    const [calls, outputs] = [idsOf(kind), idsOf(`${kind}_output`)]
    const stray = [...outputs].find((id) => !calls.has(id))
    if (stray !== undefined) refuse(`No tool call found for ${words} output with call_id ${stray}.`)
    const open = [...calls].find((id) => !outputs.has(id))
    if (open !== undefined) refuse(`No tool output found for ${words} ${open}.`)
  }
}

/** Nothing is stored. */
function refuseReference({ id }: Item): never {
  const message = `Item with id '${textIn(id)}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`
  throw new RequestError(404, 'not_found', message, { param: 'input', isVerbatim: true })
}

function checkEncryptedContent({ id, encrypted_content: content }: Item): void {
  if (typeof content !== 'string') return
  if (typeof id === 'string' ? content === encryptedContentOf(id) : looksLikeSignature(content)) return
  const message = `The encrypted content for item ${textIn(id)} could not be verified.`
  throw new RequestError(400, 'invalid_encrypted_content', message, { isVerbatim: true })
}

function refuse(message: string): never {
  throw new RequestError(400, 'wrong_value', message, { param: 'input', isVerbatim: true })
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return recordsIn(content)
    .map(({ text, refusal }) => textIn(text) + textIn(refusal))
    .join('')
}
