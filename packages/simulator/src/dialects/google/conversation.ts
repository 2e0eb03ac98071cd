import { looksLikeSignature, signatureOf } from '../../answers/reasoning.ts'
import { recordIn, recordsIn, textIn } from '../../fields.ts'
import type { Message } from '../../messages.ts'
import { RequestError } from '../../request-error.ts'

type WirePart = Record<string, unknown>

/** The documented signature of a call that no Gemini model made. */
const notSigned = 'skip_thought_signature_validator'

/** The signature of a call. The first call of each turn carries one, and the client must send it back. */
export const callSignature = (name: string): string => signatureOf('call', name)

/** The conversation from checked fields; also checks that calls, results and signatures match. */
export function conversationOf(instruction: unknown, given: readonly WirePart[]): Message[] {
  const contents = joined(given)
  const words = textOf(recordsIn(recordIn(instruction).parts))
  const system: Message[] = words === '' ? [] : [{ role: 'system', content: words }]
  // Signatures are required in the current turn only, not in earlier ones.
  const current = contents.findLastIndex(({ role, parts }) => role !== 'model' && parts.some(isNotResult))
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

/** Merges consecutive contents of one role into one turn: the vendor's own client sends each chunk back separately. */
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
  const toolMessages = results.map(({ response, parts: media }): Message => {
    const images = recordsIn(media).filter(isImage).length
    return { role: 'tool', content: resultOf(recordIn(response)), ...(images > 0 ? { images } : {}) }
  })
  if (!parts.some(isNotResult)) return toolMessages
  const images = parts.filter(isImage).length
  return [...toolMessages, { role: 'user', content: textOf(parts), ...(images > 0 ? { images } : {}) }]
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
    const isRight = call === undefined ? looksLikeSignature(textIn(signature)) : signature === callSignature(name)
    if (!isRight) refuse('Corrupted thought signature.', `${where}.thoughtSignature`)
  }
}

function resultOf(response: Record<string, unknown>): string {
  const { output, result, error } = response
  const value = output ?? result ?? error ?? response
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const isNotResult = ({ functionResponse: result }: WirePart): boolean => result === undefined

function isImage({ inlineData, fileData }: WirePart): boolean {
  return textIn(recordIn(inlineData ?? fileData).mimeType).startsWith('image/')
}

/** The text without reasoning. */
function textOf(parts: readonly WirePart[]): string {
  return parts
    .filter(({ thought }) => thought !== true)
    .map(({ text }) => textIn(text))
    .join('')
}

function refuse(message: string, param: string): never {
  throw new RequestError(400, 'wrong_value', message, { param, isVerbatim: true })
}
