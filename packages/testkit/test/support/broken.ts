import { undiciTransport } from '@rivulet/core/undici'
import { type Form, laws, prove, type ProveOptions, type Subject } from '../../src/index.ts'
import { mini, type Mistake, subjectOf } from './mini.ts'

/**
 * Providers that are wrong in one point, and the laws that this point breaks: these and no others. Whether it breaks the
 * laws of `spared` depends on how the bytes happen to be read.
 */
export type Wrong = Readonly<
  Record<string, readonly [provider: Subject['provider'], breaks: readonly RegExp[], spared?: RegExp]>
>

/** These take a tenth of a second each: they are tried only with a provider that has to break them. */
const SLOW = /slows the sender|endless line|endless error body|leave no listener/
/** These decode an answer many times: a provider that decodes correctly, and is wrong elsewhere, is not tried with them. */
export const READING = /cut in two|many pieces|HTTP chunks|short success|all line endings|comments, unknown/

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
    // A law that has to break may break by hanging; any other may be slow on a busy machine.
    const isExpected = expected.some((pattern) => pattern.test(law.name))
    const patienceMs = isExpected ? 700 : 10_000
    // To see that a law does not break, the plain answers are enough.
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

/** The names that match, of the laws about one provider. The laws of groups have wrong groups of their own. */
export const lawsLike = (patterns: readonly RegExp[]): string[] =>
  laws
    .filter(({ name, ofGroups }) => ofGroups !== true && patterns.some((pattern) => pattern.test(name)))
    .map(({ name }) => name)
