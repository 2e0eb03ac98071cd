import type { Framing, Reply } from './dialect.ts'
import type { FaultOptions, OptionName } from './fault-options.ts'
import type { Scene } from './scene.ts'

/** A default, a closed set with the default first, or null for an option that is simply absent. */
type Note<Name extends OptionName> = FaultOptions[Name] | readonly NonNullable<FaultOptions[Name]>[] | null

type Notes = { readonly [Name in OptionName]?: Note<Name> }

/** The options as `act` gets them: those with a default are there. */
type Chosen<Given> = FaultOptions & {
  readonly [
    Name in keyof Given & OptionName as Given[Name] extends null ? never : Name
  ]-?: Given[Name] extends readonly (infer Choice)[] ? Choice : NonNullable<FaultOptions[Name]>
}

/** What decides whether a fault can be told from a right answer. */
export interface Shape extends Pick<Reply, 'framing' | 'endMark' | 'strictEnd'> {
  /** It can carry a tool call. */
  readonly tools: boolean
}

/**
 * Whether the whole, right answer is lost: always, never, or depending on the form of the answer and on the options.
 * A fault that breaks nothing leaves an answer that a careful reader gets to its end.
 */
type Breaks = boolean | ((reply: Shape, options: FaultOptions) => boolean)

/** One kind of fault: what it does in words, which options it reads besides `times`, and the deed. */
export interface FaultDefinition {
  readonly summary: string
  readonly breaks: Breaks
  readonly options: Readonly<Record<string, unknown>>
  readonly act: (scene: Scene, options: FaultOptions) => Promise<void>
  /** Throws a `TypeError` where the options do not go together. */
  readonly check?: (options: FaultOptions) => void
}

/** One entry of a fault table. Its options are typed once: the defaults that are shown are the ones that are used. */
export function fault<const Given extends Notes = { readonly times: null }>(definition: {
  readonly summary: string
  readonly breaks: Breaks
  readonly options?: Given
  readonly act: (scene: Scene, options: Chosen<Given>) => Promise<void>
  readonly check?: (options: FaultOptions) => void
}): FaultDefinition {
  const notes: Readonly<Record<string, unknown>> = definition.options ?? {}
  const defaults = Object.fromEntries(
    Object.entries(notes).flatMap(([name, note]) => {
      const value: unknown = Array.isArray(note) ? note[0] : note
      return value === null ? [] : [[name, value]]
    }),
  )
  return {
    ...definition,
    options: notes,
    // With the defaults in it the record is what `Chosen` says; the compiler cannot see through `fromEntries`.
    act: (scene, given) => definition.act(scene, { ...defaults, ...given } as Chosen<Given>),
  }
}

/** For `breaks`: only where the end of the body is the end of the answer, as it is of a document, though one can tell if it was cut. */
export const endsWithBody = ({ endMark, framing }: Shape): boolean => !endMark || framing === 'document'

const shapes: readonly Shape[] = (['sse', 'lines', 'document', 'text'] satisfies Framing[]).map((framing) => ({
  framing,
  endMark: framing === 'sse' || framing === 'document',
  strictEnd: framing === 'sse',
  tools: true,
}))

/** Whether a fault breaks this form of answer; without one, whether it breaks any, with its defaults. */
export function breaksAnswer({ breaks }: FaultDefinition, options: FaultOptions = {}, reply?: Shape): boolean {
  if (typeof breaks === 'boolean') return breaks
  return (reply === undefined ? shapes : [reply]).some((shape) => breaks(shape, options))
}
