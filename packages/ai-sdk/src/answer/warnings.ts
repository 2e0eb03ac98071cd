import type { SharedV4Warning } from '@ai-sdk/provider'

/** What of a request was left out, lowered or carried another way, as warnings. */
export const warningsOf = (dropped: readonly string[] = []): SharedV4Warning[] =>
  dropped.map((feature) => ({ type: 'unsupported', feature }))

/** The same the other way. */
export const droppedOf = (warnings: readonly SharedV4Warning[]): string[] => warnings.map(nameOf)

function nameOf(warning: SharedV4Warning): string {
  switch (warning.type) {
    case 'unsupported':
    case 'compatibility':
      return warning.feature
    case 'deprecated':
      return warning.setting
    case 'other':
      return warning.message
  }
}
