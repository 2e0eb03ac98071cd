/** Reads the fields of an untrusted request, for server halves. Each error names its field, in the message and as `param`. */

import { isRecord } from '../check/is-record.ts'
import { shown } from '../check/suggest.ts'

/** A mistake in a request. */
export class FieldError extends TypeError {
  /** The path of the field; `''` for the body. */
  readonly param: string

  constructor(param: string, words: string) {
    super(`${param === '' ? 'the body' : param} ${words}`)
    this.param = param
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : typeof value
}

/**
 * The fields of one object; null counts as absent. A dialect that spells names or words in more than one way extends it.
 *
 * @example
 * const model = new Fields(JSON.parse('{"model":"m1"}'), '').name('model')
 */
export class Fields {
  /** `''` for the body. */
  readonly path: string
  readonly #object: Record<string, unknown>

  constructor(value: unknown, path: string) {
    this.path = path
    if (!isRecord(value)) this.refuse('', `must be an object, got ${kindOf(value)}`)
    this.#object = value
  }

  /** The object itself. */
  get all(): Readonly<Record<string, unknown>> {
    return this.#object
  }

  get names(): string[] {
    return Object.keys(this.#object)
  }

  at(name: string): string {
    return [this.path, name].filter((step) => step !== '').join('.')
  }

  get(name: string): unknown {
    return this.#object[name] ?? undefined
  }

  /** @throws FieldError that names the field; `''` is the object itself. */
  refuse(name: string, words: string): never {
    throw new FieldError(this.at(name), words)
  }

  /** A word as the dialect lists it. */
  protected spelled(word: string): string {
    return word
  }

  /** An inner object is read as the outer one is. */
  #inner(value: unknown, path: string): this {
    return new (this.constructor as new (value: unknown, path: string) => this)(value, path)
  }

  #checked<T>(name: string, what: string, holds: (value: unknown) => value is T): T | undefined {
    const value = this.get(name)
    if (value === undefined || holds(value)) return value
    this.refuse(name, `must be ${what}, got ${kindOf(value)}`)
  }

  text(name: string): string | undefined {
    return this.#checked(name, 'a string', (value) => typeof value === 'string')
  }

  /** A required string that is not empty. */
  name(name: string): string {
    const value = this.text(name)
    return value === undefined || value === '' ? this.refuse(name, 'is missing: it must be a string') : value
  }

  number(name: string): number | undefined {
    return this.#checked(name, 'a number', (value) => typeof value === 'number')
  }

  /** A whole number of at least `least`. */
  whole(name: string, least = Number.MIN_SAFE_INTEGER): number | undefined {
    const value = this.number(name)
    if (value === undefined || (Number.isInteger(value) && value >= least)) return value
    this.refuse(name, `must be a whole number${least > 0 ? ' above 0' : ''}, got ${value}`)
  }

  flag(name: string): boolean | undefined {
    return this.#checked(name, 'true or false', (value) => typeof value === 'boolean')
  }

  object(name: string): this | undefined {
    const value = this.get(name)
    return value === undefined ? undefined : this.#inner(value, this.at(name))
  }

  record(name: string): Record<string, unknown> | undefined {
    return this.#checked(name, 'an object', isRecord)
  }

  list(name: string): unknown[] | undefined {
    return this.#checked(name, 'an array', (value) => Array.isArray(value))
  }

  /** The objects of a list. */
  objects(name: string): this[] | undefined {
    return this.list(name)?.map((value, index) => this.#inner(value, `${this.at(name)}[${index}]`))
  }

  texts(name: string): string[] | undefined {
    return this.list(name)?.map((value, index) => {
      return typeof value === 'string'
        ? value
        : this.refuse(`${name}[${index}]`, `must be a string, got ${kindOf(value)}`)
    })
  }

  oneOf<T extends string>(name: string, known: readonly T[]): T | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const found = known.find((candidate) => candidate === this.spelled(value))
    return found ?? this.refuse(name, `must be one of ${known.join(', ')}, got "${shown(value)}"`)
  }
}

/** The object without its fields that are undefined. */
export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // The filter removes every undefined value, which the type of fromEntries() can't express.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
