import { FORMS, inForm } from './forms.ts'
import type { Subject } from './law.ts'
import { laws } from './laws.ts'
import { coreTransports, PATIENCE_MS, type Transports, tryLaw } from './prove.ts'

/** The functions of a test runner that are needed: vitest's, node:test's or jest's. */
export interface Runner {
  describe: (name: string, body: () => void) => unknown
  it: {
    (name: string, body: () => Promise<void>): unknown
    skip: (name: string, body: () => Promise<void>) => unknown
  }
}

export interface TestProviderOptions extends Subject {
  runner: Runner
  /** Ways to send, by name. @default both of core's: `undici` and `fetch` */
  transports?: Transports | undefined
  /** Exceptions: the name of a law and why it does not hold. They are tests that are skipped, with the reason in their name. */
  skip?: readonly { law: string; reason: string }[] | undefined
  /** How long anything may take before it counts as hanging, in milliseconds. @default 5_000 */
  patienceMs?: number | undefined
  /** Tries every case that a law knows, and not a sample of those that differ little: takes some times as long. @default false */
  thorough?: boolean | undefined
}

/**
 * Makes a test of each law for a provider, over each transport, and over the first also for answers in one piece. Real sockets, the fixture's bytes, and every way in which
 * a connection can spoil them. A law that says nothing of a provider, as one about server-sent events of a dialect that
 * has none, makes no test.
 *
 * @throws TypeError when `skip` names a law that there is not.
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
      throw new TypeError(`testProvider: skip names no law: "${law}". See \`laws\` for their names.`)
    }
  }
  const { describe, it } = runner
  for (const [at, [transportName, transport]] of Object.entries(transports).entries()) {
    // An endpoint that always streams answers in one piece as it does otherwise; and how it is sent, the stream tells.
    const forms = subject.answers.onePiece === undefined || (at > 0 && !thorough) ? FORMS.slice(0, 1) : FORMS
    for (const form of forms) {
      const asked = inForm(subject, form)
      const how = form === 'streamed' ? '' : `, in ${form}`
      describe(`${subject.name} obeys the laws over ${transportName}${how}`, () => {
        for (const law of laws) {
          if (law.exempts?.(asked) !== undefined) continue
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
