import type { Incoming, Rules } from './incoming.ts'
import { Refusal } from './refusal.ts'

/** Checks that every dialect is made of. Each returns what it found, or throws the `Refusal` that names the fault. */

export type Body = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function fieldError(field: string, code: 'missing' | 'wrong_type' | 'wrong_value', problem: string): Refusal {
  const codes = { missing: 'missing_field', wrong_type: 'wrong_type', wrong_value: 'wrong_value' }
  return new Refusal(400, codes[code], `body field "${field}" ${problem}`, { param: field })
}

export function onlyQuery({ query }: Incoming, known: readonly string[], { lenient }: Rules): void {
  for (const name of new Set(query.keys())) {
    if (!known.includes(name) && !lenient) {
      const list = known.length > 0 ? `parameters: ${known.join(', ')}` : 'there are none'
      throw new Refusal(400, 'unknown_parameter', `query parameter "${name}" is not known; ${list}`, { param: name })
    }
    if (known.includes(name) && query.getAll(name).length > 1) {
      throw new Refusal(400, 'wrong_value', `query parameter "${name}" is given more than once`, { param: name })
    }
  }
}

/** The header's value; `expected` is the only one allowed, where it is given. */
export function header({ headers }: Incoming, name: string, expected?: string): string {
  const value = headers[name]
  if (value === undefined || value === '') {
    const hint = expected === undefined ? '' : `; expected "${expected}"`
    throw new Refusal(400, 'missing_header', `header "${name}" is missing or empty${hint}`, { param: name })
  }
  if (expected !== undefined && value !== expected) {
    const message = `header "${name}" is "${value}"; expected "${expected}"`
    throw new Refusal(400, 'wrong_header', message, { param: name })
  }
  return value
}

/** The JSON object in the body, sent as `application/json`. */
export function jsonBody(request: Incoming): Body {
  const contentType = request.headers['content-type'] ?? ''
  if (!/^application\/json(?:\s*;\s*charset=utf-8)?$/i.test(contentType)) {
    const message = `header "content-type" is "${contentType}"; expected "application/json"`
    throw new Refusal(415, 'wrong_header', message, { param: 'content-type' })
  }
  const body = parseJson(request.bodyText)
  if (!isRecord(body)) throw new Refusal(400, 'invalid_json', 'the body must be a JSON object', { param: 'body' })
  return body
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Refusal(400, 'invalid_json', `the body is not JSON: ${why}`, { param: 'body' })
  }
}

export function onlyFields(
  body: Body,
  known: readonly string[],
  options: { readonly where?: string; readonly lenient?: boolean } = {},
): void {
  if (options.lenient === true) return
  for (const name of Object.keys(body)) {
    if (known.includes(name)) continue
    const field = options.where === undefined ? name : `${options.where}.${name}`
    const message = `body field "${field}" is not known; fields: ${known.join(', ')}`
    throw new Refusal(400, 'unknown_field', message, { param: field })
  }
}

export function stringField(body: Body, field: string): string {
  const value = body[field]
  if (value === undefined) throw fieldError(field, 'missing', 'is missing')
  if (typeof value !== 'string') throw fieldError(field, 'wrong_type', 'must be a string')
  return value
}

export function numberField(body: Body, field: string, range: { readonly min: number; readonly max: number }): number {
  const value = body[field]
  if (value === undefined) throw fieldError(field, 'missing', 'is missing')
  if (typeof value !== 'number') throw fieldError(field, 'wrong_type', 'must be a number')
  if (value < range.min || value > range.max) {
    throw fieldError(field, 'wrong_value', `is ${value}; expected ${range.min} to ${range.max}`)
  }
  return value
}

/** One of the dialect's models, or 404 as real endpoints answer it. */
export function knownModel(model: string, models: readonly string[]): string {
  if (models.includes(model)) return model
  const message = `the model "${model}" does not exist; models: ${models.join(', ')}`
  throw new Refusal(404, 'model_not_found', message, { param: 'model' })
}
