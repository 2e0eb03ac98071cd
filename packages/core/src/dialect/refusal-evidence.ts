import { isRecord } from '../check/is-record.ts'

/** What a refusal says of itself, wherever its body says it. */
export interface Evidence {
  /** Names of errors, each in lower case and without anything but letters and digits: `insufficientquota`. */
  readonly names: readonly string[]
  /** All that is said to people, in lower case, with one space for white space and underscores. */
  readonly words: string
  /** The first HTTP status of a failure that the body names. */
  readonly status: number | undefined
}

/** Fields that name an error or give a status, in the bodies of the endpoints in the tests' `refusals.json`. */
const NAMES = [
  'code',
  'type',
  'status',
  'reason',
  'error_code',
  'error_type',
  'status_code',
  'http_code',
  'http_status_code',
] as const
/** Fields that say something to people, the most usual first. */
export const WORDS = [
  'message',
  'detail',
  'msg',
  'error_description',
  'error_message',
  'error_msg',
  'status_msg',
  'title',
  'raw',
] as const
/** Fields in which there is more of the same. */
const NESTED = ['error', 'errors', 'details', 'metadata', 'base_resp'] as const

const MAX_DEPTH = 6
const MAX_VALUES = 64
const MAX_NAME_CHARACTERS = 100
/** Beyond it, a text says nothing new; a frame may have 16 MiB. */
const MAX_WORDS_CHARACTERS = 8_192

/** Only fields that are known to hold names and words are read: others may repeat what the user said. */
export function evidenceOf(body: unknown): Evidence {
  const names: string[] = []
  let words = ''
  let status: number | undefined
  let left = MAX_VALUES
  visit(body, MAX_DEPTH)
  return { names, words: inPlainWords(words), status }

  function visit(value: unknown, depth: number): void {
    if (depth === 0 || left-- <= 0) return
    if (typeof value === 'string') {
      const inner = parsed(value)
      if (inner !== undefined) visit(inner, depth - 1)
      else if (!/\s/.test(value.trim())) addName(value)
      if (words.length < MAX_WORDS_CHARACTERS) words += `${value.slice(0, MAX_WORDS_CHARACTERS)}\n`
    } else if (Array.isArray(value)) {
      for (const item of value.slice(0, MAX_VALUES)) visit(item, depth - 1)
    } else if (isRecord(value)) {
      for (const field of NAMES) readName(value[field])
      for (const field of WORDS) if (field in value) visit(value[field], depth - 1)
      for (const field of NESTED) if (field in value) visit(value[field], depth - 1)
    }
  }

  function readName(value: unknown): void {
    if (isFailureStatus(value)) status ??= Number(value)
    else if (typeof value === 'string') {
      addName(value)
      // Some put a sentence there.
      if (/\s/.test(value.trim())) words += `${value.slice(0, MAX_WORDS_CHARACTERS)}\n`
    }
  }

  function addName(value: string): void {
    const name = value.slice(0, MAX_NAME_CHARACTERS).toLowerCase().replaceAll(/[^a-z0-9]/g, '')
    if (name !== '') names.push(name)
  }
}

const inPlainWords = (text: string): string =>
  text.slice(0, MAX_WORDS_CHARACTERS).toLowerCase().replaceAll('’', "'").replaceAll(/[\s_]+/g, ' ').trim()

/** Gateways hand on an error as JSON inside a text. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isFailureStatus = (value: unknown): boolean =>
  (typeof value === 'number' || (typeof value === 'string' && /^\d{3}$/.test(value))) &&
  Number.isInteger(Number(value)) &&
  Number(value) >= 400 &&
  Number(value) < 600
