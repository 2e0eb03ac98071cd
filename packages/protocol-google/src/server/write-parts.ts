import {
  type AssistantPart,
  ChatError,
  type ChatEvent,
  type FinishReason,
  type Origin,
  type ToolCallPart,
} from '@rivulet/core'
import { isRecord, textCallAsJson, writeSeal } from '@rivulet/core/provider'
import { DIALECT, isNativePart } from '../wire-part.ts'

export interface PartOptions {
  /** Signatures are written together with this author. @default without */
  author: Origin | undefined
  /** The client asked for thoughts. Without it they are hidden, but for their signatures. */
  includeThoughts: boolean
}

/**
 * A part as JSON; `undefined` for one that the client gets nothing of.
 *
 * @throws ChatError `malformed` for a call whose arguments are not a JSON object: a client would run it with others.
 */
export function writePart(part: AssistantPart, options: PartOptions): string | undefined {
  switch (part.type) {
    case 'text':
      return JSON.stringify({ text: part.text, ...signed(part.signature, options) })
    case 'reasoning': {
      const text = options.includeThoughts ? part.text : ''
      const proof = part.sealed === undefined ? signed(part.signature, options) : sealed(part.sealed, part.id, options)
      return text === '' && proof === undefined ? undefined : JSON.stringify({ text, thought: true, ...proof })
    }
    case 'tool-call': {
      const { id, name, signature } = part
      const call = `{"functionCall":{"id":${JSON.stringify(id)},"name":${JSON.stringify(name)},"args":${argumentsOf(part)}}`
      const proof = signed(signature, options)
      return proof === undefined ? `${call}}` : `${call},${JSON.stringify(proof).slice(1)}`
    }
    case 'native': {
      const { dialect, value } = part
      if (dialect !== DIALECT || !isNativePart(value)) return undefined
      const { thoughtSignature: signature } = value
      return JSON.stringify({ ...value, ...(typeof signature === 'string' && signed(signature, options)) })
    }
  }
}

/** Whether an event has what only its author understands. */
export function isProved(event: ChatEvent): boolean {
  if (event.type === 'native') return typeof event.value.thoughtSignature === 'string'
  return (
    ('signature' in event && event.signature !== undefined) ||
    (event.type === 'reasoning' && event.sealed !== undefined)
  )
}

/** What a candidate says about its content. */
export const metadataOf = (part: AssistantPart): Readonly<Record<string, unknown>> | undefined =>
  part.type === 'native' && part.dialect === DIALECT && !isNativePart(part.value) ? part.value : undefined

function signed(value: string | undefined, { author }: PartOptions): { thoughtSignature: string } | undefined {
  if (value === undefined || value === '') return undefined
  return { thoughtSignature: author === undefined ? value : writeSeal({ ...author, value }) }
}

/** What is sealed is of use to its author alone. The id tells it from a signature. */
function sealed(value: string, id = '', { author }: PartOptions): { thoughtSignature: string } | undefined {
  return author && { thoughtSignature: writeSeal({ ...author, value, id }) }
}

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
