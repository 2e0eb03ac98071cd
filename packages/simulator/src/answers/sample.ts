import { isRecord } from '../check.ts'
import { plausibleNumber, plausibleText } from './plausible-values.ts'
import type { Schema, SampleContext } from './json-schema.ts'

/** Below this depth only required properties are made, so that a recursive schema terminates. */
const maxDepth = 4
/** A schema that requires itself has no value: more values than this are null. */
const maxValues = 10_000
/** And so are those that are deeper. */
const deepest = 200

/**
 * A value that satisfies a schema: the same for the same prompt and random source. An object with a `city`, for the prompt
 * "call it for Oslo", is `{ city: 'Oslo' }`.
 */
export function sample(schema: Schema, source: SampleContext): unknown {
  return new Sampler(schema, source).value(schema, '', 0)
}

class Sampler {
  readonly #root: Schema
  readonly #source: SampleContext
  #made = 0

  constructor(root: Schema, source: SampleContext) {
    this.#root = root
    this.#source = source
  }

  /** `name` is the property that holds the value; it suggests a plausible one. */
  value(given: unknown, name: string, depth: number): unknown {
    if (depth > deepest || this.#made++ > maxValues) return null
    const schema = this.#resolved(given, depth)
    if ('const' in schema) return schema.const
    if (Array.isArray(schema.enum) && schema.enum.length > 0) return this.#chooseFrom(schema.enum)
    switch (typeOf(schema)) {
      case 'object':
        return this.#object(schema, depth)
      case 'array':
        return this.#array(schema, name, depth)
      case 'integer':
      case 'number':
        return plausibleNumber(schema, name, this.#source.random)
      case 'boolean':
        return this.#source.random.next() < 0.5
      case 'null':
        return null
      default:
        return plausibleText(schema, name, this.#source)
    }
  }

  #object(schema: Schema, depth: number): Record<string, unknown> {
    const properties = isRecord(schema.properties) ? schema.properties : {}
    const required: unknown[] = Array.isArray(schema.required) ? schema.required : []
    const names = Object.keys(properties).filter((name) => depth < maxDepth || required.includes(name))
    const object: Record<string, unknown> = {}
    for (const name of names) object[name] = this.value(properties[name], name, depth + 1)
    for (const name of required) if (typeof name === 'string' && !(name in object)) object[name] = name
    if (names.length === 0 && isRecord(schema.additionalProperties)) {
      object.example = this.value(schema.additionalProperties, 'example', depth + 1)
    }
    return object
  }

  #array(schema: Schema, name: string, depth: number): unknown[] {
    const fixed: unknown[] = Array.isArray(schema.prefixItems) ? schema.prefixItems : []
    const least = Math.max(count(schema.minItems) ?? 0, depth < maxDepth ? 2 : 0)
    const size = Math.min(least, count(schema.maxItems) ?? Infinity)
    const items = Array.from({ length: Math.max(size, fixed.length) }, (_, at) =>
      this.value(fixed[at] ?? schema.items ?? {}, name.replace(/s$/, ''), depth + 1),
    )
    if (schema.uniqueItems !== true) return items
    return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
  }

  /** The value that the prompt mentions, else a random one. */
  #chooseFrom(values: readonly unknown[]): unknown {
    const text = ` ${this.#source.prompt.toLowerCase().replaceAll(/[^\p{L}\p{N}_-]+/gu, ' ')} `
    const named = values.find((value) => typeof value === 'string' && text.includes(` ${value.toLowerCase()} `))
    return named ?? this.#source.random.pick(values)
  }

  /** Resolves a schema: follows references, picks one alternative, merges `allOf`. */
  #resolved(given: unknown, depth: number, hops = 0): Schema {
    if (!isRecord(given)) return {}
    const next = (schema: unknown): Schema => (hops > 32 ? {} : this.#resolved(schema, depth, hops + 1))
    if (typeof given.$ref === 'string') {
      const { $ref: reference, ...rest } = given
      return { ...next(this.#at(reference)), ...rest }
    }
    const { anyOf, oneOf, allOf, ...own } = given
    if (Array.isArray(allOf)) return merged([own, ...allOf.map(next)])
    const choices: unknown[] = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : []
    if (choices.length === 0) return own
    // At the maximum depth prefer `null` or a scalar over one more object.
    const plain = choices.map(next).find((choice) => !['object', 'array'].includes(typeOf(choice)))
    const first = choices.map(next).find((choice) => typeOf(choice) !== 'null')
    return { ...own, ...((depth >= maxDepth ? plain : first) ?? first ?? next(choices[0])) }
  }

  #at(reference: string): unknown {
    const path = reference
      .replace(/^#\/?/, '')
      .split('/')
      .filter((step) => step !== '')
    return path.reduce<unknown>((schema, step) => {
      const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
      return isRecord(schema) ? schema[name] : undefined
    }, this.#root)
  }
}

function merged(parts: readonly Schema[]): Schema {
  const properties = Object.assign({}, ...parts.map((part) => part.properties)) as Schema
  const required = parts.flatMap((part): unknown[] => (Array.isArray(part.required) ? part.required : []))
  return { ...Object.assign({}, ...parts), properties, required } as Schema
}

/** The type in lower case (Gemini uses capitals); of several types, the first that is not `null`. */
function typeOf({ type, properties, items }: Schema): string {
  const types: unknown[] = Array.isArray(type) ? type : [type]
  const found = types.find((one) => typeof one === 'string' && one !== 'null') ?? types[0]
  if (typeof found === 'string') return found.toLowerCase()
  return properties !== undefined ? 'object' : items !== undefined ? 'array' : 'string'
}

/** Gemini writes counts as strings. */
function count(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
