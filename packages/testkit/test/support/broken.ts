import { undiciTransport } from '@rivulet/core/undici'
import { type Form, laws, prove, type ProveOptions, type Subject } from '../../src/index.ts'
import { mini, type Mistake, subjectOf } from './mini.ts'

/**
 * Providers that are wrong in one point, and the laws that this point breaks: these and no others. `spared` are laws that it
 * breaks or not as the reads happen to fall, so that nothing can be said of them.
 */
export type Wrong = Readonly<
  Record<string, readonly [provider: Subject['provider'], breaks: readonly RegExp[], spared?: RegExp]>
>

/** These take a tenth of a second each, so only a provider that is to break them is tried with them. */
const SLOW = /slows the sender|line without end|endless error body|leave nothing behind/
/** These say again and again how an answer is read: a provider that reads as it should, and behaves badly, is spared them. */
export const READING = /cut in two|many pieces|HTTP chunks|short success|any line ends|comments, unknown/

const PROVE: ProveOptions = { transports: { undici: () => undiciTransport() }, thorough: false }

/** The laws that a provider breaks. */
export async function broken(
  provider: Subject['provider'],
  expected: readonly RegExp[],
  { spared, form = 'streamed' }: { spared?: RegExp | undefined; form?: Form } = {},
): Promise<string[]> {
  const tried = laws.filter(({ name, ofGroups }) => {
    if (ofGroups === true) return false
    return expected.some((pattern) => pattern.test(name)) || (!SLOW.test(name) && spared?.test(name) !== true)
  })
  const names: string[] = []
  const subject = subjectOf(provider)
  const {
    reasoning: _reasoning,
    toolCall: _toolCall,
    toolCalls: _calls,
    more: _more,
    onePiece: _onePiece,
    ...few
  } = subject.answers
  for (const law of tried) {
    // What is to break may break by hanging; what is not to, may take its time on a busy machine.
    const isExpected = expected.some((pattern) => pattern.test(law.name))
    const patienceMs = isExpected ? 700 : 10_000
    // What is not to break is told from what is by any answer.
    const answers = isExpected || form !== 'streamed' ? subject.answers : few
    for await (const { ok } of prove({ ...subject, answers }, { ...PROVE, forms: [form], laws: [law], patienceMs })) {
      if (ok === false) names.push(law.name)
    }
  }
  return names
}

export const withMistake =
  (mistake: Mistake): Subject['provider'] =>
  (options) =>
    mini(options, mistake)

/** The names of the laws of one provider that match. Those of groups have wrong groups of their own. */
export const lawsLike = (patterns: readonly RegExp[]): string[] =>
  laws
    .filter(({ name, ofGroups }) => ofGroups !== true && patterns.some((pattern) => pattern.test(name)))
    .map(({ name }) => name)
