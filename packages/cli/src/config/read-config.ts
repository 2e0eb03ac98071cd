import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { didYouMean } from '@rivulet/core/provider'
import { nameOf, type Path, Problems } from './problems.ts'
import { type Config, configSchema, type Schema } from './schema.ts'

export interface ReadConfig {
  config: Config
  problems: Problems
  /** Adds a problem at the place of a part of the configuration. */
  problemAt: (path: Path, what: string) => void
}

/**
 * Reads a configuration in YAML, which JSON is a part of, and checks it by its schema.
 *
 * @param file Its name, for messages.
 * @param environment For `${NAME}`.
 * @throws UsageError with a line for each problem: file, line, column, and what was expected.
 */
export function readConfig(text: string, file: string, environment: (name: string) => string | undefined): ReadConfig {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const problems = new Problems(file)
  const place = (node: unknown): { line: number; col: number } => {
    const [start] = (node as Node | null)?.range ?? [0]
    return lines.linePos(start)
  }
  for (const { pos, message } of document.errors) problems.add(lines.linePos(pos[0]), message)
  problems.check()

  const value = new Reader(
    (node, what) => {
      problems.add(place(node), what)
    },
    environment,
    (node) => (isAlias(node) ? node.resolve(document) : node),
  ).read(document.contents, configSchema(), [])
  problems.check()
  return {
    // It was checked by the schema, which has the shape of this type.
    config: value as Config,
    problems,
    problemAt: (path, what) => {
      problems.add(place(document.getIn(path, true) ?? document.contents), `${nameOf(path)} ${what}`)
    },
  }
}

type Report = (node: unknown, what: string) => void

/** Turns nodes into values, and reports what the schema does not allow. */
class Reader {
  readonly #report: Report
  readonly #environment: (name: string) => string | undefined
  readonly #resolve: (node: unknown) => unknown

  constructor(report: Report, environment: (name: string) => string | undefined, resolve: (node: unknown) => unknown) {
    this.#report = report
    this.#environment = environment
    this.#resolve = resolve
  }

  read(given: unknown, schema: Schema, path: Path): unknown {
    const node = this.#resolve(given)
    const types = [schema.type].flat()
    if (isMap(node) && types.includes('object')) return this.#map(node, schema, path)
    if (isSeq(node) && types.includes('array')) return this.#list(node, schema, path)
    if (isNothing(node) && types.includes('null')) return {}
    if (isScalar(node)) {
      const value = typeof node.value === 'string' ? this.#withVariables(node, node.value, path) : node.value
      if (types.includes('string') && typeof value === 'string') return this.#text(node, value, schema, path)
      const number = value !== node.value && /^\d+$/.test(String(value)) ? Number(value) : value
      if (types.includes('integer') && typeof number === 'number') return this.#number(node, number, schema, path)
    }
    const hint = isScalar(node) && !isNothing(node) && types.includes('string') ? ' in quotes' : ''
    this.#expected(given, path, `${WORDS[types[0] ?? 'object']}${hint}`)
    return undefined
  }

  #map(node: { items: readonly { key: unknown; value: unknown }[] }, schema: Schema, path: Path): object {
    const { properties = {}, additionalProperties: others, required = [], minProperties = 0 } = schema
    const entries = node.items.map(({ key, value }): [string, unknown] => {
      const name = isScalar(key) ? String(key.value) : ''
      const own = Object.hasOwn(properties, name) ? properties[name] : undefined
      const expected = own ?? (others === false ? undefined : others)
      if (expected !== undefined && name !== '') return [name, this.read(value, expected, [...path, name])]
      const known = Object.keys(properties)
      const what = others === false ? `one of ${known.join(', ')}.${didYouMean(name, known)}` : 'a name'
      this.#report(key, `${nameOf([...path, name])} is unknown: expected ${what}`)
      return [name, undefined]
    })
    const names = new Set(entries.map(([name]) => name))
    for (const name of required) {
      if (!names.has(name)) this.#report(node, `${nameOf([...path, name])} is missing`)
    }
    if (entries.length < minProperties) this.#expected(node, path, `at least ${minProperties} entry`)
    return Object.fromEntries(entries)
  }

  #list(node: { items: readonly unknown[] }, { items, minItems = 0 }: Schema, path: Path): unknown[] {
    if (node.items.length < minItems) this.#expected(node, path, `at least ${minItems} entry`)
    return node.items.map((item, index) => items && this.read(item, items, [...path, index]))
  }

  #text(node: unknown, value: string, { enum: choices, pattern }: Schema, path: Path): string {
    if (choices !== undefined && !choices.includes(value)) {
      this.#expected(node, path, `one of ${choices.join(', ')}.${didYouMean(value, choices)}`)
    }
    if (pattern !== undefined && !new RegExp(pattern).test(value)) this.#expected(node, path, `a text like ${pattern}`)
    return value
  }

  #number(node: unknown, value: number, { minimum = -Infinity, maximum = Infinity }: Schema, path: Path): number {
    if (!Number.isInteger(value) || value < minimum || value > maximum) {
      const most = maximum === Infinity ? 'or more' : `to ${maximum}`
      this.#expected(node, path, `a whole number, ${minimum} ${most}`)
    }
    return value
  }

  /** The text with the environment's values in place of `${NAME}`. They are never shown: they may be secrets. */
  #withVariables(node: unknown, text: string, path: Path): string {
    return text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
      const value = this.#environment(name)
      if (value === undefined) this.#report(node, `${nameOf(path)}: the environment has no ${name}`)
      return value ?? ''
    })
  }

  #expected(node: unknown, path: Path, what: string): void {
    this.#report(node, `${nameOf(path) || 'the configuration'}: expected ${what}`)
  }
}

const WORDS = {
  object: 'a mapping',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  null: 'nothing',
} as const

const isNothing = (node: unknown): boolean => node === null || (isScalar(node) && node.value === null)
