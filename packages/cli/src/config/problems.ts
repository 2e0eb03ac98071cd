import { UsageError } from '../usage-error.ts'

/** A part of a configuration: `['models', 'coder', 'members', 0]`. */
export type Path = readonly (string | number)[]

/** `models.coder.members[0]`; the whole configuration has no name. */
export const nameOf = (path: Path): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '')

/** What is wrong with a configuration, each with its place. */
export class Problems {
  readonly #file: string
  readonly #found: { line: number; text: string }[] = []

  constructor(file: string) {
    this.#file = file
  }

  add({ line, col }: { line: number; col: number }, what: string): void {
    this.#found.push({ line, text: `${this.#file}:${line}:${col}: ${what}` })
  }

  /** @throws UsageError with a line for each, if there are any. */
  check(): void {
    if (this.#found.length === 0) return
    throw new UsageError(
      this.#found
        .sort((a, b) => a.line - b.line)
        .map(({ text }) => text)
        .join('\n'),
    )
  }
}
