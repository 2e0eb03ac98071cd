import { type Body, fieldError, isRecord } from './check.ts'
import { RequestError } from './request-error.ts'

/** Composable checks that describe the documented fields of a body as data. */

interface Leniency {
  /** Accept undocumented fields. */
  readonly lenient: boolean
}

/** Throws a `RequestError` that names the field, `where`. */
export type Check = (value: unknown, where: string, rules: Leniency) => void

export type Fields = Readonly<Record<string, Check>>

const must =
  (words: string, test: (value: unknown) => boolean): Check =>
  (value, where) => {
    if (!test(value)) throw fieldError(where, 'wrong_type', `must be ${words}`)
  }

export const anything: Check = () => undefined
export const text = must('a string', (value) => typeof value === 'string')
export const flag = must('true or false', (value) => typeof value === 'boolean')
export const record = must('an object', isRecord)
export const number = must('a number', (value) => typeof value === 'number' && Number.isFinite(value))
export const integer = must('a whole number', Number.isInteger)

export const between =
  (min: number, max: number, check = number): Check =>
  (value, where, rules) => {
    check(value, where, rules)
    if (Number(value) < min || Number(value) > max) {
      const range = max === Infinity ? `at least ${min}` : `${min} to ${max}`
      throw fieldError(where, 'wrong_value', `is ${Number(value)}; expected ${range}`)
    }
  }

/** An integer from 1. */
export const positive = between(1, Infinity, integer)

export const oneOf =
  (...known: readonly (string | number | boolean)[]): Check =>
  (value, where) => {
    if (known.some((one) => one === value)) return
    throw fieldError(where, 'wrong_value', `is ${JSON.stringify(value)}; expected one of ${known.join(', ')}`)
  }

export const nullable =
  (check: Check): Check =>
  (value, where, rules) => {
    if (value !== null) check(value, where, rules)
  }

export const listOf =
  (check: Check, { min = 0, max = Infinity }: { readonly min?: number; readonly max?: number } = {}): Check =>
  (value, where, rules) => {
    if (!Array.isArray(value)) throw fieldError(where, 'wrong_type', 'must be an array')
    if (value.length < min) throw fieldError(where, 'wrong_value', `must have at least ${min} items`)
    if (value.length > max) throw fieldError(where, 'wrong_value', `has ${value.length} items; the maximum is ${max}`)
    for (const [index, item] of value.entries()) check(item, `${where}[${index}]`, rules)
  }

export const mapOf =
  (check: Check): Check =>
  (value, where, rules) => {
    record(value, where, rules)
    if (isRecord(value)) for (const [name, item] of Object.entries(value)) check(item, `${where}.${name}`, rules)
  }

/** Passes if any check does. Otherwise throws the error of a nested field, which shows the alternative that was meant. */
export const either =
  (...checks: readonly Check[]): Check =>
  (value, where, rules) => {
    const refusals: RequestError[] = []
    for (const check of checks) {
      try {
        check(value, where, rules)
        return
      } catch (error) {
        if (!(error instanceof RequestError)) throw error
        refusals.push(error)
      }
    }
    const inner = refusals.find(({ param }) => param !== where) ?? refusals.at(-1)
    if (inner !== undefined) throw inner
  }

/** An object with these fields and no others; those in `required` must be present. */
export const objectOf =
  (fields: Fields, required: readonly string[] = []): Check =>
  (value, where, rules) => {
    if (!isRecord(value)) throw fieldError(where, 'wrong_type', 'must be an object')
    checkFields(value, fields, { required, where: `${where}.`, lenient: rules.lenient })
  }

/** A union of objects, discriminated by the field `tag`. */
export const unionBy =
  (tag: string, kinds: Readonly<Record<string, Check>>): Check =>
  (value, where, rules) => {
    if (!isRecord(value)) throw fieldError(where, 'wrong_type', 'must be an object')
    const kind = value[tag]
    const check = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
    if (kind === undefined) throw fieldError(`${where}.${tag}`, 'missing', 'is missing')
    if (check === undefined) oneOf(...Object.keys(kinds))(kind, `${where}.${tag}`, rules)
    check?.(value, where, rules)
  }

/** Checks an object, such as a whole body, against its documented fields. */
export function checkFields(
  body: Body,
  fields: Fields,
  options: { readonly required?: readonly string[]; readonly where?: string; readonly lenient: boolean },
): void {
  const { required = [], where = '', lenient } = options
  for (const [name, value] of Object.entries(body)) {
    const check = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (check !== undefined) check(value, `${where}${name}`, options)
    else if (!lenient) {
      const message = `unknown body field "${where}${name}"; fields: ${Object.keys(fields).join(', ')}`
      throw new RequestError(400, 'unknown_field', message, { param: `${where}${name}` })
    }
  }
  for (const name of required)
    if (body[name] === undefined) throw fieldError(`${where}${name}`, 'missing', 'is missing')
}

/** The objects in a list; other values are dropped. */
export function recordsIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

export function textsIn(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((item) => typeof item === 'string')
}

export function recordIn(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
