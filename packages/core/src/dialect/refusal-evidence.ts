import { isRecord } from '../check/is-record.ts'
import { parseJson } from './parse-json.ts'

/** The parts of a refusal that say what it means, from wherever they are in its body. */
export interface Evidence {
  /** Names of errors, each in lower case and without anything but letters and digits: `insufficientquota`. */
  readonly names: readonly string[]
  /** All messages, in lower case, with one space for any white space. */
  readonly messages: string
  /** The first HTTP status of a failure that the body names. */
  readonly status: number | undefined
}

/** Fields that name an error or give a status, as in the bodies of the tests' `refusals.json`. */
const NAMES = [
  'code',
  'type',
  'status',
  'reason',
  'error_code',
  'error_type',
  'status_code',
  'statusCode',
  'http_code',
  'http_status_code',
  '__type',
] as const
/** Fields with a message, the most usual first. */
export const MESSAGES = [
  'message',
  'detail',
  'msg',
  'error_description',
  'error_message',
  'error_msg',
  'errmsg',
  'status_msg',
  'title',
  'raw',
] as const
/** Fields that may contain all of these again. */
const NESTED = ['error', 'errors', 'details', 'metadata', 'base_resp'] as const

const MAX_DEPTH = 10
const MAX_VALUES = 64
const MAX_NAME_CHARACTERS = 100
/** How much of the messages is searched: a frame may have 16 MiB. */
const MAX_MESSAGE_CHARACTERS = 4_096

/** Reads only the fields that are known to have names and messages: others may repeat what the user wrote. */
export function evidenceOf(body: unknown): Evidence {
  const names: string[] = []
  let messages = ''
  let status: number | undefined
  let left = MAX_VALUES
  visit(body, MAX_DEPTH)
  return { names, messages: normalized(messages), status }

  function visit(value: unknown, depth: number): void {
    if (depth === 0 || left-- <= 0) return
    if (typeof value === 'string') {
      const inner = parsed(value)
      if (inner !== undefined) {
        visit(inner, depth - 1)
        return
      }
      if (!/\s/.test(value.trim())) addName(value)
      addMessage(value)
    } else if (Array.isArray(value)) {
      for (const item of value.slice(0, MAX_VALUES)) visit(item, depth - 1)
    } else if (isRecord(value)) {
      for (const field of NAMES) readName(value[field])
      for (const field of MESSAGES) if (field in value) visit(value[field], depth - 1)
      for (const field of NESTED) if (field in value) visit(value[field], depth - 1)
    }
  }

  function readName(value: unknown): void {
    if (isFailureStatus(value)) status ??= Number(value)
    else if (typeof value === 'string') {
      addName(value)
      // Some endpoints put a sentence there.
      if (/\s/.test(value.trim())) addMessage(value)
    }
  }

  function addMessage(value: string): void {
    if (messages.length < MAX_MESSAGE_CHARACTERS) messages += `${value.slice(0, MAX_MESSAGE_CHARACTERS)}\n`
  }

  function addName(value: string): void {
    const name = value
      .slice(0, MAX_NAME_CHARACTERS)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '')
    if (name !== '') names.push(name)
  }
}

const normalized = (text: string): string =>
  text.slice(0, MAX_MESSAGE_CHARACTERS).toLowerCase().replaceAll('’', "'").replaceAll(/\s+/g, ' ').trim()

/** Gateways pass on an error as JSON inside a string. */
const parsed = (text: string): unknown => (/^\s*[[{]/.test(text) ? parseJson(text) : undefined)

/** Whether a value is an HTTP status of a failure. */
export const isFailureStatus = (value: unknown): boolean =>
  (typeof value === 'number' || (typeof value === 'string' && /^\d{3}$/.test(value))) &&
  Number.isInteger(Number(value)) &&
  Number(value) >= 400 &&
  Number(value) < 600
