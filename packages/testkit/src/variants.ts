import type { EmbedRequest } from '@rivulet/core'
import type { AnswerFixture } from './answer-fixture.ts'
import type { FixtureFile } from './fixtures-in.ts'

/** Fixtures by names of your own; or why the dialect has none, in a few words: then the law is not about it. */
export type Named<Fixture> = Readonly<Record<string, Fixture>> | string

/** An answer whose connection stays open and silent after the reason to end, without an end mark. */
export interface SilentEnd extends AnswerFixture {
  /** How long the silence lasts that ends the answer, in milliseconds; `'idleMs'`: a little less than that deadline. */
  afterMs: number | 'idleMs'
  /** Content that comes after the reason, as bytes and as text. */
  late: { body: Uint8Array; text: string }
}

/** What `embed()` of two inputs gets. */
export interface EmbeddingFixture {
  request: EmbedRequest
  /** The answer for this request, with a vector for each input. */
  right: FixtureFile
  /** Answers whose vectors do not match the inputs, by names of your own. */
  wrong: Readonly<Record<string, FixtureFile>>
}

/** The answer as the endpoint means it, written in ways that tempt a reader to end it early or late, or to mix or lose parts. */
export interface Variants {
  /**
   * Answers whose every piece has a finish reason that is none, such as `''`, `'null'` or `null`. Each ends with a reason or
   * a mark, at its `endMark`; the law also breaks it off there.
   */
  emptyReasons?: Named<AnswerFixture> | undefined
  /** Whole answers with a finish reason before their last content: in each piece, or before the first. */
  earlyEnds?: Named<AnswerFixture> | undefined
  /** Bodies that are an end mark and nothing else. */
  endMarkAlone?: Named<FixtureFile> | undefined
  /** A finish reason and then silence. A string where only an end mark ends an answer. */
  silentEnd?: SilentEnd | string | undefined
  /** Two answers in one body. The `text` is that of the first, and the second says something else. */
  twoAnswers?: Named<AnswerFixture> | undefined
  /** Tool calls without ids, without an index, named late. Ids in `toolCalls` are not compared. */
  unmarkedToolCalls?: Named<AnswerFixture> | undefined
  /** Answers that repeat what their pieces said, and say something else. */
  differingWholes?: Named<FixtureFile> | undefined
  /** Answers whose pieces lack what the whole says. */
  onlyInWhole?: Named<AnswerFixture> | undefined
}

/** The variant that a law needs. The law does not apply without it: see `noVariant`. */
export function variantOf<Name extends keyof Variants>(
  { answers }: { answers: Variants },
  name: Name,
): Exclude<NonNullable<Variants[Name]>, string> {
  const given = answers[name]
  if (given === undefined || typeof given === 'string') throw new TypeError(`There is no fixture ${name}.`)
  // The compiler does not narrow a type that depends on a parameter.
  return given as Exclude<NonNullable<Variants[Name]>, string>
}
