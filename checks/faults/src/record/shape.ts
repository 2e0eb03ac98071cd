import { isRecord } from '@rivulet/core/provider'

/** Fields whose values are words of the dialect, and not of an answer. */
const NAMES = /(?:^|\.|_)(?:type|object|role|status|reason)$|Reason$/
/** More than any frame has. */
const MAX_DEPTH = 40

/**
 * The form of a body, one line for each thing that a reader of the dialect can meet: events, fields with their types, end marks,
 * comments, line ends. Texts, ids and numbers are left out, because they differ in each answer.
 */
function shapeOf(body: string): Set<string> {
  const lines = new Set<string>()
  if (body.includes('\r\n')) lines.add('lines that end in \\r\\n')
  const whole = parsed(body)
  if (whole !== undefined) {
    addFields(whole, '', lines)
    return lines
  }
  const each = body.split(/\r\n|\r|\n/).filter((line) => line !== '')
  if (!each.some((line) => /^(?:data|event)?:/.test(line) || parsed(line) !== undefined)) {
    lines.add('plain text')
    return lines
  }
  for (const line of each) {
    const data = parsed(line.replace(/^data:/, ''))
    if (line.startsWith(':')) lines.add('a comment')
    else if (data !== undefined) addFields(data, '', lines)
    else lines.add(/^(?:id|retry):/.exec(line)?.[0] ?? line.slice(0, 120))
  }
  return lines
}

function addFields(value: unknown, path: string, lines: Set<string>, depth = 0): void {
  if (depth > MAX_DEPTH) return
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) addFields(item, `${path}[]`, lines, depth + 1)
    if (value.length === 0) lines.add(`${path}[]: empty`)
  } else if (isRecord(value)) {
    for (const [name, field] of Object.entries(value)) {
      addFields(field, path === '' ? name : `${path}.${name}`, lines, depth + 1)
    }
  } else {
    const isName = typeof value === 'string' && NAMES.test(path)
    lines.add(`${path}: ${value === null ? 'null' : isName ? JSON.stringify(value) : typeof value}`)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** How the form of a recorded body differs from that of a fixture: `-` is in the fixture alone, `+` in the recording alone. */
export function shapeDiff(fixture: string, recording: string): string[] {
  const [before, now] = [shapeOf(fixture), shapeOf(recording)]
  return [...new Set([...before, ...now])]
    .filter((line) => before.has(line) !== now.has(line))
    .sort()
    .map((line) => `${now.has(line) ? '+' : '-'} ${line}`)
}
