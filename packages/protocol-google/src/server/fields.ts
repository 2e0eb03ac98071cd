/** Reads the fields of an untrusted request. Each error names its field. */

import { isRecord, shown } from '@rivulet/core/provider'

function refuse(path: string, words: string): never {
  throw new TypeError(`${path} ${words}.`)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : typeof value
}

/** As the API's own reader does, which takes a field by either spelling. */
const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const camelCase = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** The fields of one object, in camel case or in snake case. As in the dialect, null counts as absent. */
export class Fields {
  readonly path: string
  readonly #object: Readonly<Record<string, unknown>>

  constructor(value: unknown, path: string) {
    if (!isRecord(value)) refuse(path === '' ? 'the body' : path, `must be an object, got ${kindOf(value)}`)
    this.#object = value
    this.path = path
  }

  /** The names of those that are given, in camel case. */
  get names(): string[] {
    const given = Object.entries(this.#object).filter(([, value]) => value !== undefined && value !== null)
    return [...new Set(given.map(([name]) => camelCase(name)))]
  }

  at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`
  }

  get(name: string): unknown {
    return this.#object[name] ?? this.#object[snakeCase(name)] ?? undefined
  }

  refuse(name: string, words: string): never {
    refuse(this.at(name), words)
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

  object(name: string): Fields | undefined {
    const value = this.get(name)
    return value === undefined ? undefined : new Fields(value, this.at(name))
  }

  record(name: string): Record<string, unknown> | undefined {
    return this.#checked(name, 'an object', isRecord)
  }

  list(name: string): unknown[] | undefined {
    return this.#checked(name, 'an array', (value) => Array.isArray(value))
  }

  /** The objects of a list. */
  objects(name: string): Fields[] | undefined {
    return this.list(name)?.map((value, index) => new Fields(value, `${this.at(name)}[${index}]`))
  }

  texts(name: string): string[] | undefined {
    return this.list(name)?.map((value, index) => {
      return typeof value === 'string'
        ? value
        : this.refuse(`${name}[${index}]`, `must be a string, got ${kindOf(value)}`)
    })
  }

  /** One of these words, in upper or lower case. */
  oneOf<T extends string>(name: string, known: readonly T[]): T | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const found = known.find((candidate) => candidate === value.toUpperCase())
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
