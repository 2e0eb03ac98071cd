/** A mutant that no test can kill, because the program does the same with it. */
export interface Equivalent {
  /** Path from the root. */
  file: string
  /** The changed lines after the mutation, in one line: the line with `+` in the output of `pnpm mutants`. */
  mutated: string
  /** Why the program does the same, in a sentence. */
  why: string
}

/** They do not count in the score. Only what cannot be noticed belongs here, not what is hard to test. */
export const EQUIVALENTS: readonly Equivalent[] = []
