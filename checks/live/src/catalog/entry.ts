import type { Model } from '@rivulet/core'

const WIDTH = 120

/** The lines of a model's entry in a catalog, as the formatter writes them. */
export function entryOf(model: Model): string[] {
  const fields = Object.entries(model).map(([name, value]) => `${name}: ${literal(value)}`)
  const line = `  { ${fields.join(', ')} },`
  return line.length <= WIDTH ? [line] : ['  {', ...fields.map((field) => `    ${field},`), '  },']
}

function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return grouped(value)
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, inner]) => `${name}: ${literal(inner)}`)
    return `{ ${fields.join(', ')} }`
  }
  return String(value)
}

/** In single quotes. Text from an endpoint becomes source code here: it must not be able to end the string. */
function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** Whole numbers of five digits or more are written in groups: 131_072. */
function grouped(value: number): string {
  const digits = String(value)
  return Number.isInteger(value) && digits.length > 4 ? digits.replaceAll(/\B(?=(?:\d{3})+$)/g, '_') : digits
}
