import assert from 'node:assert/strict'
import type { HttpRequest } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import type { Playable } from './playable.ts'

/** What a recording writes in place of a secret. */
const CONCEALED = '***'

/**
 * Refuses a request that differs from the recorded one, and shows the difference. What the recording conceals matches
 * anything, and is not shown.
 *
 * @throws Error with the difference, line by line.
 */
export function compareRequest(request: HttpRequest, { request: recorded, whole }: Playable): void {
  const { method, url, headers = {}, body } = recorded
  const names = whole ? Object.keys(request.headers) : Object.keys(headers)
  const actual = {
    method: method === undefined ? undefined : request.method,
    url: url === undefined ? undefined : partsOf(request.url),
    headers: Object.fromEntries(names.map((name) => [name, request.headers[name]])),
    body: body === undefined && !whole ? undefined : parsed(request.body),
  }
  const expected = {
    method,
    url: url === undefined ? undefined : partsOf(url),
    headers: { ...headers },
    body: parsed(body),
  }
  try {
    assert.deepEqual(concealed(actual, expected), expected)
  } catch (error) {
    // The message only: the error itself holds the request, and a request holds a key.
    throw new Error(`replay: the request is not the recorded one.\n${error instanceof Error ? error.message : ''}`)
  }
}

/** A URL in parts, so that a secret in its query stays concealed whatever else differs. */
function partsOf(url: string): unknown {
  if (!URL.canParse(url)) return url
  const { origin, pathname, searchParams } = new URL(url)
  return { at: `${origin}${pathname}`, query: Object.fromEntries(searchParams) }
}

/** The actual value, concealed in the places in which the recording is. */
function concealed(actual: unknown, expected: unknown): unknown {
  if (typeof actual === 'string' && typeof expected === 'string' && expected.includes(CONCEALED)) {
    return matches(actual, expected.split(CONCEALED)) ? expected : CONCEALED
  }
  if (Array.isArray(actual) && Array.isArray(expected)) return actual.map((item, at) => concealed(item, expected[at]))
  if (!isRecord(actual) || !isRecord(expected)) return actual
  return Object.fromEntries(Object.entries(actual).map(([name, value]) => [name, concealed(value, expected[name])]))
}

/** Whether the text has these parts in order, with anything between them, from its start to its end. */
function matches(text: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return at <= text.length - last.length
}

function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
