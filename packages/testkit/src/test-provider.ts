import { FORMS, inForm } from './forms.ts'
import type { Subject } from './law.ts'
import { laws } from './laws.ts'
import { coreTransports, PATIENCE_MS, type Transports, tryLaw, waysToSend } from './prove.ts'

/** What is needed of a test runner: vitest, node:test and jest have it. */
export interface Runner {
  describe: (name: string, body: () => void) => unknown
  it: {
    (name: string, body: () => Promise<void>): unknown
    skip: (name: string, body: () => Promise<void>) => unknown
  }
}

export interface TestProviderOptions extends Subject {
  runner: Runner
  /** Transports, by name. @default both of core's: `undici` and `fetch` */
  transports?: Transports | undefined
  /** Exceptions: the name of a law, and why it does not hold. Each is a skipped test with the reason in its name. @default none */
  skip?: readonly { law: string; reason: string }[] | undefined
  /** How long anything may take before it counts as hanging, in milliseconds. @default 5_000 */
  patienceMs?: number | undefined
  /** Tries every case of each law instead of a sample: takes several times as long. @default false */
  thorough?: boolean | undefined
}

/**
 * Makes a test of each law for a provider: over real sockets, with the bytes of its fixtures, and with every way in which a
 * connection can spoil them. A law is tried over each transport, unless no transport can change what it asserts; over the
 * first transport, it is tried for answers of every kind and in one piece too. A law that does not apply makes no test: one about
 * server-sent events, where a dialect has none.
 *
 * @throws TypeError when `skip` names an unknown law.
 * @example
 * import { describe, it } from 'vitest'
 *
 * testProvider({
 *   runner: { describe, it },
 *   name: 'Acme',
 *   provider: (options) => acme({ apiKey: 'secret', ...options }),
 *   secrets: ['secret'],
 *   request: { model: 'acme-1', messages: [{ role: 'user', content: 'Hello' }] },
 *   answers: { text: { ...fixture('text.sse'), text: 'Hello!', endMark: '[DONE]' } },
 * })
 */
export function testProvider(options: TestProviderOptions): void {
  const {
    runner,
    transports = coreTransports,
    skip = [],
    patienceMs = PATIENCE_MS,
    thorough = false,
    ...subject
  } = options
  for (const { law } of skip) {
    if (!laws.some(({ name }) => name === law)) {
      throw new TypeError(`testProvider: skip: no law is called "${law}". See \`laws\` for their names.`)
    }
  }
  const { describe, it } = runner
  const [first] = Object.values(transports)
  for (const { name: over = 'any transport', transport, tries, sample } of waysToSend(transports, { thorough })) {
    // An endpoint that always streams has no answers in one piece. How a request is sent, the stream tells over each transport.
    const isStreamOnly = subject.answers.onePiece === undefined || (transport !== first && !thorough)
    for (const form of isStreamOnly ? (['streamed'] as const) : FORMS) {
      const asked = sample(inForm(subject, form))
      const how = form === 'streamed' ? '' : `, in ${form}`
      describe(`${subject.name} obeys the laws over ${over}${how}`, () => {
        for (const law of laws) {
          if (!tries(law) || law.exempts?.(asked) !== undefined) continue
          const run = async (): Promise<void> => {
            await tryLaw(law, { subject: asked, transport: transport(), patienceMs, thorough })
          }
          const reason = skip.find((exception) => exception.law === law.name)?.reason
          if (reason === undefined) it(law.name, run)
          else it.skip(`${law.name} (skipped: ${reason})`, run)
        }
      })
    }
  }
}
