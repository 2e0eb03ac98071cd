/** What a stranger may set in a request; the rest is checked as any request is. Each function throws a `TypeError`. */

import { checkNames, kindOf, must } from '../check/check.ts'
import { isRecord } from '../check/is-record.ts'
import { shown } from '../check/suggest.ts'
import { readDataUrl } from '../dialect/data-url.ts'
import { MESSAGES, PARTS, REQUEST, TOOLS } from './page-fields.ts'

const MAX_MESSAGES = 10_000
/** In a message. */
const MAX_PARTS = 1_000
const MAX_TOOLS = 256
const MAX_STOPS = 16
/** Of names and ids, in characters. */
const MAX_NAME = 512
/** Of an address; the data of a `data:` URL are as long as they are. */
const MAX_URL = 8_192
/** Deeper than any JSON Schema in use. */
const MAX_DEPTH = 100

type Fields = Readonly<Record<string, unknown>>

/** @throws TypeError that names the field. */
export function checkPageRequest(body: unknown): Fields {
  const at = 'the body'
  must(isRecord(body), at, 'an object with messages', body)
  checkDepth(at, body)
  only(at, body, REQUEST)
  for (const name of ['model', 'session']) checkText(`${at}: ${name}`, body[name], MAX_NAME)
  eachOf(at, 'messages', body.messages, MAX_MESSAGES, checkMessage)
  eachOf(at, 'tools', body.tools, MAX_TOOLS, checkTool)
  eachOf(at, 'stop', body.stop, MAX_STOPS, () => undefined)
  const { toolChoice, responseFormat } = body
  if (isRecord(toolChoice)) only(`${at}: toolChoice`, toolChoice, ['name'])
  if (isRecord(responseFormat)) {
    only(`${at}: responseFormat`, responseFormat, ['name', 'schema', 'strict'])
    checkText(`${at}: responseFormat.name`, responseFormat.name, MAX_NAME)
    if (responseFormat.strict !== 'auto') checkFlag(`${at}: responseFormat.strict`, responseFormat.strict)
  }
  return body
}

function checkMessage(at: string, message: Fields): void {
  const { role, content, origin } = message
  only(at, message, fieldsOf(`${at}.role`, MESSAGES, role))
  checkFlag(`${at}.isError`, message.isError)
  checkText(`${at}.toolCallId`, message.toolCallId, MAX_NAME)
  if (isRecord(origin)) {
    only(`${at}.origin`, origin, ['provider', 'model'])
    for (const name of ['provider', 'model']) checkText(`${at}.origin.${name}`, origin[name], MAX_NAME)
  }
  if (Array.isArray(content)) eachOf(at, 'content', content, MAX_PARTS, checkPart)
}

function checkPart(at: string, part: Fields): void {
  only(at, part, fieldsOf(`${at}.type`, PARTS, part.type))
  for (const name of ['id', 'name']) checkText(`${at}.${name}`, part[name], MAX_NAME)
  for (const name of ['signature', 'sealed']) checkText(`${at}.${name}`, part[name])
  if ('url' in part) checkUrl(`${at}.url`, part.url)
}

function checkTool(at: string, tool: Fields): void {
  const { type = 'function', name, grammar } = tool
  only(at, tool, fieldsOf(`${at}.type`, TOOLS, type))
  checkText(`${at}.name`, name, MAX_NAME)
  if (isRecord(grammar)) only(`${at}.grammar`, grammar, ['syntax', 'definition'])
}

/** The bytes of a picture, or an address that its provider gets it from: no other scheme, and nothing of the server's network. */
function checkUrl(at: string, url: unknown): void {
  must(typeof url === 'string', at, 'a string', url)
  try {
    if (readDataUrl(url) !== undefined) return
  } catch (error) {
    throw new TypeError(`${at}: ${error instanceof Error ? error.message : ''}`)
  }
  const isAddress = url.length <= MAX_URL && /^https:\/\//i.test(url) && URL.canParse(url)
  if (!isAddress) throw new TypeError(`${at} must be an https: address or a data: URL.`)
}

/** The fields that one of this role or type may have. */
function fieldsOf(at: string, table: Readonly<Record<string, readonly string[]>>, type: unknown): readonly string[] {
  const fields = typeof type === 'string' && Object.hasOwn(table, type) ? table[type] : undefined
  if (fields !== undefined) return fields
  const got = typeof type === 'string' ? `"${shown(type)}"` : kindOf(type)
  throw new TypeError(`${at} must be one of ${Object.keys(table).join(', ')}, got ${got}.`)
}

function only(at: string, fields: Fields, known: readonly string[]): void {
  checkNames(at, 'unknown field', fields, Object.fromEntries(known.map((name) => [name, true])), 'Fields')
}

function eachOf(at: string, name: string, list: unknown, max: number, check: (at: string, item: Fields) => void): void {
  const where = at.includes('[') ? `${at}.${name}` : `${at}: ${name}`
  if (!Array.isArray(list)) return
  if (list.length > max) throw new TypeError(`${where} has ${list.length} items: at most ${max} are taken.`)
  // Anything but an object is refused as in any request.
  for (const [index, item] of list.entries()) if (isRecord(item)) check(`${where}[${index}]`, item)
}

function checkText(at: string, value: unknown, max = Infinity): void {
  must(value === undefined || typeof value === 'string', at, 'a string', value)
  if (value !== undefined && value.length > max) throw new TypeError(`${at} is longer than ${max} characters.`)
}

function checkFlag(at: string, value: unknown): void {
  must(value === undefined || typeof value === 'boolean', at, 'a boolean', value)
}

function checkDepth(at: string, body: unknown): void {
  const isDeep = (value: unknown, left: number): boolean => {
    if (typeof value !== 'object' || value === null) return false
    return left === 0 || Object.values(value).some((inner) => isDeep(inner, left - 1))
  }
  if (isDeep(body, MAX_DEPTH)) throw new TypeError(`${at} is nested deeper than ${MAX_DEPTH} levels.`)
}
