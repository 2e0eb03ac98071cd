import type { Transport } from '@rivulet/core'
import { fetchTransport } from '@rivulet/core/fetch'
import { undiciTransport } from '@rivulet/core/undici'
import { byteServer } from './byte-server.ts'
import { type Form, FORMS, inForm } from './forms.ts'
import type { Law, LawContext, Subject } from './law.ts'
import { laws as allLaws } from './laws.ts'

/** Transports by name. Each law gets a transport of its own. */
export type Transports = Readonly<Record<string, () => Transport>>

export const coreTransports: Transports = { undici: () => undiciTransport(), fetch: () => fetchTransport() }

/** The default of `patienceMs`, in milliseconds. */
export const PATIENCE_MS = 5_000

/** What became of one law: over one transport, in one form. */
export interface Proof {
  readonly law: string
  /** Rows of the truth table. */
  readonly rows: readonly number[]
  readonly provider: string
  /** `undefined`: no transport can change what the law asserts, so that it was tried over the first only. */
  readonly transport: string | undefined
  /** How the answer was requested. */
  readonly form: Form
  /** `undefined`: the law does not apply to this provider. */
  readonly ok: boolean | undefined
  /** What was observed, what was wrong, or why the law does not apply, in a few words. */
  readonly observed: string
}

export interface ProveOptions {
  /** @default every law */
  laws?: readonly Law[] | undefined
  /** @default both of core's: `undici` and `fetch` */
  transports?: Transports | undefined
  /** How long anything may take before it counts as hanging, in milliseconds. @default 5_000 */
  patienceMs?: number | undefined
  /** How answers are requested. @default both: streamed and in one piece */
  forms?: readonly Form[] | undefined
  /** Tries every case of each law instead of a sample. @default true */
  thorough?: boolean | undefined
}

/** A transport, and the laws that are tried over it. */
export interface WayToSend {
  /** `undefined`: any transport would do, and this is the first. */
  readonly name: string | undefined
  readonly transport: () => Transport
  readonly tries: (law: Law) => boolean
  /** The subject with the answers that are worth a connection here. */
  readonly sample: (subject: Subject) => Subject
}

/**
 * The first transport for the laws that no transport can change; then each for all others. After the first, a sample has one answer
 * of its kind: no transport can see whether bytes are text, reasoning or tool calls.
 */
export function waysToSend(transports: Transports, { thorough }: { thorough: boolean }): WayToSend[] {
  const [first] = Object.values(transports)
  const whole = (subject: Subject): Subject => subject
  return [
    ...(first === undefined ? [] : [{ name: undefined, transport: first, tries: isBlind, sample: whole }]),
    ...Object.entries(transports).map(([name, transport]) => ({
      name,
      transport,
      tries: (law: Law) => !isBlind(law),
      sample: transport === first || thorough ? whole : ofOneKind,
    })),
  ]
}

function ofOneKind(subject: Subject): Subject {
  const { reasoning: _reasoning, toolCall: _toolCall, toolCalls: _toolCalls, more: _more, ...answers } = subject.answers
  return { ...subject, answers }
}

const isBlind = ({ anyTransport }: Law): boolean => anyTransport === true

/** Tries a subject with one law. Rejects with what is wrong. */
export async function tryLaw(law: Law, context: Omit<LawContext, 'server'>): Promise<string> {
  await using server = await byteServer()
  return await law.run({ ...context, server })
}

/**
 * Tries a subject with every law and yields what became of each, as data: for a table, or for a test of the laws.
 *
 * @example
 * for await (const { law, transport, ok, observed } of prove(subject)) console.log(ok ? '✓' : '✗', law, transport, observed)
 */
export async function* prove(subject: Subject, options: ProveOptions = {}): AsyncGenerator<Proof, undefined> {
  const { laws = allLaws, transports = coreTransports, forms = FORMS, thorough = true } = options
  for (const law of laws) {
    for (const form of forms) {
      const asked = inForm(subject, form)
      for (const { name, transport, tries, sample } of waysToSend(transports, { thorough })) {
        if (!tries(law)) continue
        const about = { law: law.name, rows: law.rows, provider: subject.name, transport: name, form }
        yield { ...about, ...(await outcomeOf(law, sample(asked), transport(), { ...options, thorough })) }
      }
    }
  }
}

async function outcomeOf(
  law: Law,
  subject: Subject,
  transport: Transport,
  { patienceMs = PATIENCE_MS, thorough }: ProveOptions & { thorough: boolean },
): Promise<Pick<Proof, 'ok' | 'observed'>> {
  const exempt = law.exempts?.(subject)
  if (exempt !== undefined) return { ok: undefined, observed: exempt }
  try {
    return { ok: true, observed: await tryLaw(law, { subject, transport, patienceMs, thorough }) }
  } catch (error) {
    return { ok: false, observed: error instanceof Error ? error.message : String(error) }
  }
}
