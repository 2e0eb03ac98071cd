import { undiciTransport } from '@rivulet/core/undici'
import { type Form, type Law, laws, prove, type ProveOptions, type Subject } from '../../src/index.ts'
import { answerLaws } from '../../src/laws.ts'
import { embeddings } from '../../src/laws/embeddings.ts'
import { falseSuccesses } from '../../src/laws/false-successes.ts'
import { mini, type Mistake, subjectOf } from './mini.ts'

/**
 * Providers that are wrong in one point, and the laws that this point breaks: these and no others. Whether it breaks the
 * laws of `spared` depends on how the bytes happen to be read.
 */
export type Wrong = Readonly<
  Record<string, readonly [provider: Subject['provider'], breaks: readonly RegExp[], spared?: RegExp]>
>

/** These take longest, most by trying many requests: they are tried only with a provider that has to break them. */
const SLOW = new RegExp(
  [
    'slows the sender|endless line|endless error body|leave no listener|status means|a secret appears',
    // A provider cannot see how a body broke off: one of the ways is tried with each.
    'never a short success: (?!the connection closes)',
  ].join('|'),
)

const OF_ANSWERS: readonly Law[] = [...answerLaws, ...falseSuccesses, ...embeddings]

/** The laws that a mistake in decoding an answer could break, and all others: what a request, a refusal or a caller meets. */
export const about = {
  answers: OF_ANSWERS,
  conduct: laws.filter((law) => falseSuccesses.includes(law) || !OF_ANSWERS.includes(law)),
} as const

const PROVE: ProveOptions = { transports: { undici: () => undiciTransport() }, thorough: false }

/**
 * The laws that a provider breaks, of those that it has to break and of others with which it is tried.
 *
 * @param options.among The others; a slow one is left out. @default every law
 */
export async function broken(
  provider: Subject['provider'],
  expected: readonly RegExp[],
  {
    spared,
    among = laws,
    form = 'streamed',
  }: { spared?: RegExp | undefined; among?: readonly Law[]; form?: Form } = {},
): Promise<string[]> {
  const tried = laws.filter((law) => {
    const { name, ofGroups } = law
    if (ofGroups === true) return false
    if (expected.some((pattern) => pattern.test(name))) return true
    return among.includes(law) && !SLOW.test(name) && spared?.test(name) !== true
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
