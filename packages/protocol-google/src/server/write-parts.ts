import { type AssistantPart, ChatError, type FinishReason, type ToolCallPart } from '@rivulet/core'
import { isCutJson, isRecord, textCallAsJson } from '@rivulet/core/provider'
import { DIALECT, isNativePart } from '../wire-part.ts'

/**
 * A part as JSON; `undefined` for one that the client gets nothing of.
 *
 * @param includeThoughts The client asked for thoughts. Without it they are hidden, but for their signatures.
 * @throws ChatError `malformed` for a call whose arguments are not a JSON object: a client would run it with others.
 */
export function writePart(part: AssistantPart, includeThoughts: boolean): string | undefined {
  switch (part.type) {
    case 'text':
      return JSON.stringify({ text: part.text, ...signed(part.signature) })
    case 'reasoning': {
      const text = includeThoughts ? part.text : ''
      const proof = signed(part.signature)
      return text === '' && proof === undefined ? undefined : JSON.stringify({ text, thought: true, ...proof })
    }
    case 'tool-call': {
      const { id, name, signature } = part
      const call = `{"functionCall":{"id":${JSON.stringify(id)},"name":${JSON.stringify(name)},"args":${argumentsOf(part)}}`
      const proof = signed(signature)
      return proof === undefined ? `${call}}` : `${call},${JSON.stringify(proof).slice(1)}`
    }
    case 'native': {
      const { dialect, value } = part
      if (dialect !== DIALECT || !isNativePart(value)) return undefined
      return JSON.stringify(value)
    }
  }
}

/** Whether an answer ended early, inside of the arguments of this call: no client may run it with others. */
export const isCutOff = (part: AssistantPart, reason: FinishReason): boolean =>
  part.type === 'tool-call' && (reason === 'length' || reason === 'content-filter') && isCutJson(part.input)

/** What a candidate says about its content. */
export const metadataOf = (part: AssistantPart): Readonly<Record<string, unknown>> | undefined =>
  part.type === 'native' && part.dialect === DIALECT && !isNativePart(part.value) ? part.value : undefined

const signed = (value: string | undefined): { thoughtSignature: string } | undefined =>
  value === undefined || value === '' ? undefined : { thoughtSignature: value }

/** The arguments as they came, because writing them again would round long integers; on one line. */
function argumentsOf(call: ToolCallPart): string {
  const { id, input } = textCallAsJson(call)
  if (input.trim() === '') return '{}'
  try {
    const value: unknown = JSON.parse(input)
    if (isRecord(value)) return /[\r\n]/.test(input) ? JSON.stringify(value) : input
  } catch {
    // Said below.
  }
  throw new ChatError('malformed', `the arguments of tool call ${id} are not a JSON object`)
}

/** @see https://ai.google.dev/api/generate-content#FinishReason (2026-11-20) */
export const FINISH_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  'tool-calls': 'STOP',
  length: 'MAX_TOKENS',
  'content-filter': 'SAFETY',
  other: 'OTHER',
}
