import { looksSigned, signatureOf } from '../../answers/reasoning.ts'
import { recordIn, recordsIn, textIn } from '../../fields.ts'
import type { Message } from '../../messages.ts'
import { Refusal } from '../../refusal.ts'

type WirePart = Record<string, unknown>

/** What a call that no Gemini model made is signed with. */
const notSigned = 'skip_thought_signature_validator'

/** The signature of a call: the first of each turn carries one, and must have it when it comes back. */
export const callSignature = (name: string): string => signatureOf('call', name)

/** The instructions and the turns, once their fields have been checked: what belongs together must be together. */
export function conversationOf(instruction: unknown, given: readonly WirePart[]): Message[] {
  const contents = joined(given)
  const words = textOf(recordsIn(recordIn(instruction).parts))
  const system: Message[] = words === '' ? [] : [{ role: 'system', content: words }]
  // Signatures are asked for in the turn that goes on, not in what lies behind it.
  const current = contents.findLastIndex(({ role, parts }) => role !== 'model' && parts.some(isSaid))
  let called = 0
  const turns = contents.flatMap(({ role, parts }, index) => {
    const results = parts.filter(({ functionResponse: result }) => result !== undefined).length
    if (results !== called) {
      refuse(
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
        `contents[${index}]`,
      )
    }
    called = parts.filter(({ functionCall: call }) => call !== undefined).length
    checkSignatures(parts, index, index > current)
    return role === 'model' ? [{ role: 'assistant', content: textOf(parts) } satisfies Message] : turnOf(parts)
  })
  if (called > 0) refuse('Please ensure that function call turns are followed by function responses.', 'contents')
  return [...system, ...turns]
}

interface Content {
  readonly role: 'user' | 'model'
  readonly parts: readonly WirePart[]
}

/** Contents of one role that follow one another are one turn: the vendor's own client sends back each chunk by itself. */
function joined(contents: readonly WirePart[]): Content[] {
  const turns: Content[] = []
  for (const { role: given, parts } of contents) {
    const role = given === 'model' ? 'model' : 'user'
    const last = turns.at(-1)
    if (last?.role === role) turns.push({ role, parts: [...(turns.pop()?.parts ?? []), ...recordsIn(parts)] })
    else turns.push({ role, parts: recordsIn(parts) })
  }
  return turns
}

function turnOf(parts: readonly WirePart[]): Message[] {
  const results = recordsIn(parts.map(({ functionResponse: result }) => result))
  const told = results.map(({ response }): Message => ({ role: 'tool', content: resultOf(recordIn(response)) }))
  if (!parts.some(isSaid)) return told
  const images = parts.filter(isImage).length
  return [...told, { role: 'user', content: textOf(parts), ...(images > 0 ? { images } : {}) }]
}

function checkSignatures(parts: readonly WirePart[], index: number, isCurrent: boolean): void {
  const first = parts.findIndex(({ functionCall: call }) => call !== undefined)
  for (const [at, { functionCall: call, thoughtSignature: signature }] of parts.entries()) {
    const where = `contents[${index}].parts[${at}]`
    const name = textIn(recordIn(call).name)
    if (signature === notSigned) continue
    if (signature === undefined) {
      if (at !== first || !isCurrent) continue
      refuse(
        `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${name}\`, position ${at + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
        where,
      )
    }
    const isRight = call === undefined ? looksSigned(textIn(signature)) : signature === callSignature(name)
    if (!isRight) refuse('Corrupted thought signature.', `${where}.thoughtSignature`)
  }
}

function resultOf(response: Record<string, unknown>): string {
  const { output, result, error } = response
  const told = output ?? result ?? error ?? response
  return typeof told === 'string' ? told : JSON.stringify(told)
}

const isSaid = ({ functionResponse: result }: WirePart): boolean => result === undefined

function isImage({ inlineData, fileData }: WirePart): boolean {
  return textIn(recordIn(inlineData ?? fileData).mimeType).startsWith('image/')
}

/** Thoughts are not said. */
function textOf(parts: readonly WirePart[]): string {
  return parts
    .filter(({ thought }) => thought !== true)
    .map(({ text }) => textIn(text))
    .join('')
}

function refuse(message: string, param: string): never {
  throw new Refusal(400, 'wrong_value', message, { param, isQuoted: true })
}
