import type { SharedV4Warning } from '@ai-sdk/provider'
import { isRecord } from '@rivulet/core/provider'

/** What of a request was left out, lowered or carried another way, as warnings. */
export const warningsOf = (dropped: readonly string[] = []): SharedV4Warning[] =>
  dropped.map((feature) => ({ type: 'unsupported', feature }))

/** The field that names what a warning is about. */
const NAMES: Readonly<Record<SharedV4Warning['type'], string>> = {
  unsupported: 'feature',
  compatibility: 'feature',
  deprecated: 'setting',
  other: 'message',
}
const FIELDS = [...new Set(Object.values(NAMES))]

/** The same the other way. A warning of another shape must not cost an answer: it keeps its name, if it has one. */
export const droppedOf = (warnings: unknown): string[] => (Array.isArray(warnings) ? warnings.flatMap(namesOf) : [])

function namesOf(warning: unknown): string[] {
  const names = isRecord(warning) ? FIELDS.map((field) => warning[field]) : [warning]
  const name = names.find((each) => typeof each === 'string')
  return name === undefined ? [] : [name]
}
