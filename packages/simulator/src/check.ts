import type { IncomingRequest, Rules } from './incoming-request.ts'
import { RequestError } from './request-error.ts'

/** Request checks shared by the dialects. Each returns what it read, or throws a `RequestError` that names the problem. */

export type Body = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function fieldError(
  field: string,
  code: 'missing' | 'wrong_type' | 'wrong_value',
  problem: string,
): RequestError {
  const codes = { missing: 'missing_field', wrong_type: 'wrong_type', wrong_value: 'wrong_value' }
  return new RequestError(400, codes[code], `body field "${field}" ${problem}`, { param: field })
}

export function checkQuery({ query }: IncomingRequest, known: readonly string[], { lenient }: Rules): void {
  for (const name of new Set(query.keys())) {
    if (!known.includes(name) && !lenient) {
      const list = known.length > 0 ? `parameters: ${known.join(', ')}` : 'none are accepted'
      throw new RequestError(400, 'unknown_parameter', `unknown query parameter "${name}"; ${list}`, {
        param: name,
      })
    }
    if (known.includes(name) && query.getAll(name).length > 1) {
      throw new RequestError(400, 'wrong_value', `query parameter "${name}" is given more than once`, { param: name })
    }
  }
}

/** The value of a header that must be present; `expected`, if given, is the only value allowed. */
export function header({ headers }: IncomingRequest, name: string, expected?: string): string {
  const value = headers[name]
  if (value === undefined || value === '') {
    const hint = expected === undefined ? '' : `; expected "${expected}"`
    throw new RequestError(400, 'missing_header', `header "${name}" is missing or empty${hint}`, { param: name })
  }
  if (expected !== undefined && value !== expected) {
    const message = `header "${name}" is "${value}"; expected "${expected}"`
    throw new RequestError(400, 'wrong_header', message, { param: name })
  }
  return value
}

/** The JSON object in the body, sent as `application/json`. */
export function jsonBody(request: IncomingRequest): Body {
  const contentType = request.headers['content-type'] ?? ''
  if (!/^application\/json(?:\s*;\s*charset=utf-8)?$/i.test(contentType)) {
    const message = `header "content-type" is "${contentType}"; expected "application/json"`
    throw new RequestError(415, 'wrong_header', message, { param: 'content-type' })
  }
  const body = parseJson(request.bodyText)
  if (!isRecord(body)) throw new RequestError(400, 'invalid_json', 'the body must be a JSON object', { param: 'body' })
  return body
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new RequestError(400, 'invalid_json', `the body is not JSON: ${why}`, { param: 'body' })
  }
}

export function checkFieldNames(
  body: Body,
  known: readonly string[],
  options: { readonly where?: string; readonly lenient?: boolean } = {},
): void {
  if (options.lenient === true) return
  for (const name of Object.keys(body)) {
    if (known.includes(name)) continue
    const field = options.where === undefined ? name : `${options.where}.${name}`
    const message = `unknown body field "${field}"; fields: ${known.join(', ')}`
    throw new RequestError(400, 'unknown_field', message, { param: field })
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

/** Returns the model if the dialect has it, else throws a 404 like real endpoints. */
export function knownModel(model: string, models: readonly string[]): string {
  if (models.includes(model)) return model
  const message = `the model "${model}" does not exist; models: ${models.join(', ')}`
  throw new RequestError(404, 'model_not_found', message, { param: 'model' })
}
