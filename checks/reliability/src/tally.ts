import { type AttemptReport, ChatError } from '@rivulet/core'
import type { Wrong } from './verdict.ts'

/** The most examples of wrong answers that are kept. */
const MAX_EXAMPLES = 10

/** The counts of a run. */
export class Tally {
  answers = 0
  whole = 0
  /** Answers of which only the end was missing: with `'continue'`, their readers have an error, and all of the text with it. */
  withoutEnd = 0
  readonly wrong: Record<Wrong | 'failed', number> = { short: 0, doubled: 0, mixed: 0, failed: 0 }
  /** The events that readers saw. */
  readonly seen = { restart: 0, resume: 0 }
  /** Tokens of the reference answers, and tokens that the members sent. */
  readonly tokens = { needed: 0, received: 0 }
  /** Attempts by member, and how many of them failed before and after their first content. */
  readonly members = new Map<string, { asked: number; before: number; after: number }>()
  /** The number of faults, by kind. */
  readonly strikes = new Map<string, number>()
  /** Times of whole answers, in milliseconds. */
  readonly #times: number[] = []
  readonly examples: string[] = []

  get attempts(): number {
    return [...this.members.values()].reduce((sum, { asked }) => sum + asked, 0)
  }

  get isRight(): boolean {
    return this.answers > 0 && this.whole + this.withoutEnd === this.answers
  }

  answer(index: number, wrong: Wrong | undefined, ms: number): void {
    this.answers++
    if (wrong === undefined) {
      this.whole++
      this.#times.push(ms)
    } else {
      this.wrong[wrong]++
      this.#example(`question ${index}: the answer is ${wrong}`)
    }
  }

  lostItsEnd(): void {
    this.answers++
    this.withoutEnd++
  }

  failed(index: number, error: unknown): void {
    this.answers++
    this.wrong.failed++
    this.#example(`question ${index}: ${error instanceof ChatError ? `${error.code}: ` : ''}${String(error)}`)
  }

  /** At the end of the run, counts the requests that were not sent as failed. */
  unanswered(requests: number): void {
    const missing = requests - this.answers
    if (missing <= 0) return
    this.answers += missing
    this.wrong.failed += missing
    this.#example(`${missing} questions were not sent: the time was up`)
  }

  attempt({ provider, outcome, firstTokenMs }: AttemptReport): void {
    const member = this.members.get(provider) ?? { asked: 0, before: 0, after: 0 }
    member.asked++
    if (outcome === 'failed') member[firstTokenMs === undefined ? 'before' : 'after']++
    this.members.set(provider, member)
  }

  strike(kind: string): void {
    this.strikes.set(kind, (this.strikes.get(kind) ?? 0) + 1)
  }

  /** A percentile of the times, 0 to 100, in milliseconds. */
  percentile(rank: number): number {
    const sorted = this.#times.toSorted((one, other) => one - other)
    return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * rank) / 100))] ?? Number.NaN
  }

  #example(words: string): void {
    if (this.examples.length < MAX_EXAMPLES) this.examples.push(words)
  }
}
