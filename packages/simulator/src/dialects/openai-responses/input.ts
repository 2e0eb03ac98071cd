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
    case 'function_call':
      return [{ role: 'assistant', content: '' }]
    case 'function_call_output':
      return [{ role: 'tool', content: textOf(item.output) }]
    default: {
      const images = recordsIn(item.content).filter(({ type }) => type === 'input_image').length
      const role = item.role === 'assistant' || item.role === 'user' ? item.role : 'system'
      return [{ role, content: textOf(item.content), ...(images > 0 ? { images } : {}) }]
    }
  }
}

function checkCalls(items: readonly Item[]): void {
  const idsOf = (kind: string): string[] =>
    items.filter(({ type }) => type === kind).map(({ call_id: id }) => textIn(id))
  const [calls, outputs] = [idsOf('function_call'), idsOf('function_call_output')]
  const stray = outputs.find((id) => !calls.includes(id))
  if (stray !== undefined) refuse(`No tool call found for function call output with call_id ${stray}.`)
  const open = calls.find((id) => !outputs.includes(id))
  if (open !== undefined) refuse(`No tool output found for function call ${open}.`)
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
