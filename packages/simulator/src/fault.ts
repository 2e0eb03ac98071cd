import type { Framing, Reply } from './dialect.ts'
import type { FaultOptions, OptionName } from './fault-options.ts'
import type { PendingAnswer } from './pending-answer.ts'

/** A default, a closed set of values with the default first, or null for an option without a default. */
type OptionSpec<Name extends OptionName> = FaultOptions[Name] | readonly NonNullable<FaultOptions[Name]>[] | null

type OptionSpecs = { readonly [Name in OptionName]?: OptionSpec<Name> }

/** The options that `apply` receives: those with a default are always present. */
type ResolvedOptions<Given> = FaultOptions & {
  readonly [
    Name in keyof Given & OptionName as Given[Name] extends null ? never : Name
  ]-?: Given[Name] extends readonly (infer Choice)[] ? Choice : NonNullable<FaultOptions[Name]>
}

/** The properties of a reply that decide whether a reader can detect a fault. */
export interface ReplyShape extends Pick<Reply, 'framing' | 'endMark' | 'strictEnd'> {
  /** Whether it can carry a tool call. */
  readonly tools: boolean
}

/**
 * Whether the fault prevents a complete, correct answer: always, never, or depending on the reply's format and the
 * options. After a fault that does not break the answer, a correct reader still reads it to its end.
 */
type Breaks = boolean | ((reply: ReplyShape, options: FaultOptions) => boolean)

/** One kind of fault: a summary, its options besides `times`, and the function that applies it. */
export interface FaultDefinition {
  readonly summary: string
  readonly breaks: Breaks
  /** It does not pass by itself, so that `random` chooses it only when told to. @default false */
  readonly isLasting?: true
  readonly options: Readonly<Record<string, unknown>>
  readonly apply: (pending: PendingAnswer, options: FaultOptions) => Promise<void>
  /** Throws a `TypeError` if the options are invalid together. */
  readonly check?: (options: FaultOptions) => void
}

/** Defines one entry of a fault table. The listed defaults are the ones that `apply` receives. */
export function fault<const Given extends OptionSpecs = { readonly times: null }>(definition: {
  readonly summary: string
  readonly breaks: Breaks
  readonly isLasting?: true
  readonly options?: Given
  readonly apply: (pending: PendingAnswer, options: ResolvedOptions<Given>) => Promise<void>
  readonly check?: (options: FaultOptions) => void
}): FaultDefinition {
  const specs: Readonly<Record<string, unknown>> = definition.options ?? {}
  const defaults = Object.fromEntries(
    Object.entries(specs).flatMap(([name, spec]) => {
      const value: unknown = Array.isArray(spec) ? spec[0] : spec
      return value === null ? [] : [[name, value]]
    }),
  )
  return {
    ...definition,
    options: specs,
    // With the defaults merged in this is `ResolvedOptions`; the compiler cannot infer that through `fromEntries`.
    apply: (pending, given) => definition.apply(pending, { ...defaults, ...given } as ResolvedOptions<Given>),
  }
}

/** For `breaks`: whether the end of the body ends the answer. True for documents too, though truncation is detectable. */
export const endsWithBody = ({ endMark, framing }: ReplyShape): boolean => !endMark || framing === 'document'

const shapes: readonly ReplyShape[] = (['sse', 'lines', 'document', 'text'] satisfies Framing[]).map((framing) => ({
  framing,
  endMark: framing === 'sse' || framing === 'document',
  strictEnd: framing === 'sse',
  tools: true,
}))

/** Whether a fault breaks a reply of this shape; without `reply`, whether it breaks any shape. */
export function breaksAnswer({ breaks }: FaultDefinition, options: FaultOptions = {}, reply?: ReplyShape): boolean {
  if (typeof breaks === 'boolean') return breaks
  return (reply === undefined ? shapes : [reply]).some((shape) => breaks(shape, options))
}
