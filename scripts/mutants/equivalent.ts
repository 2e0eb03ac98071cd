/** A mutant that no test can kill, because the program does the same with it. */
export interface Equivalent {
  /** Path from the root. */
  file: string
  /** The changed lines after the mutation, in one line: the line with `+` in the output of `pnpm mutants`. */
  mutated: string
  /** Why the program does the same, in a sentence. */
  why: string
}

const RETRY_OPTIONS = ['attempts', 'backoffMs', 'maxBackoffMs', 'totalMs', 'retryWhen', 'onRetry', 'random', 'clock']

/** They do not count in the score. Only what cannot be noticed belongs here, not what is hard to test. */
export const EQUIVALENTS: readonly Equivalent[] = [
  {
    file: 'packages/core/src/dialect/bounded-json.ts',
    mutated: 'if (false) return value',
    why: 'A shortcut: a text that is too long is too long as JSON too.',
  },
  {
    file: 'packages/core/src/dialect/bounded-json.ts',
    mutated: 'if (typeof value === "" && value.length > maxCharacters) return value',
    why: 'A shortcut: a text that is too long is too long as JSON too.',
  },
  ...RETRY_OPTIONS.map((option) => ({
    file: 'packages/core/src/layers/retry.ts',
    mutated: `${option}: false,`,
    why: 'Only the names of this record are read, and its type allows no other value.',
  })),
]
