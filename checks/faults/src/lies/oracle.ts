import { isDeepStrictEqual } from 'node:util'
import type { Json } from './content.ts'
import type { Meant, MeantCall } from './meant.ts'
import type { Reading } from './reading.ts'
import type { Truth } from './truth.ts'

/** How a reading is wrong, the worst first: a wrong answer that looks right is worse than a needless error. */
type Harm =
  | 'short or wrong success'
  | 'not a ChatError'
  | 'broken law'
  | 'needless error'
  | 'wrong code'
  | 'wrong partial'

export interface Wrong {
  harm: Harm
  expected: string
  got: string
}

export interface Expected {
  meant: Meant
  truth: Truth
  /** The writer gave every call its id, so that a result of the tool can name it. */
  idsAreGiven: boolean
}

/** Judges a reading; `undefined` when it is right. */
export function judge({ meant, truth, idsAreGiven }: Expected, reading: Reading): Wrong | undefined {
  const [law] = reading.broken
  if (law !== undefined) return { harm: 'broken law', expected: 'the laws of every stream', got: law }
  const { error } = reading
  switch (truth.is) {
    case 'whole':
      if (error !== undefined) {
        return { harm: 'needless error', expected: 'the whole answer', got: `${error.code}: ${error.message}` }
      }
      return compare(meant, reading, { idsAreGiven, isWhole: true })
    case 'either':
      return error === undefined
        ? compare(meant, reading, { idsAreGiven, isWhole: false })
        : partial(error.partial, meant.texts.join(''))
    case 'open':
      return partial(error?.partial ?? reading.text, truth.most)
    case 'error':
      return judgeError(truth, reading)
  }
}

function judgeError(
  truth: Extract<Truth, { is: 'error' }>,
  { error, text, reason, calls }: Reading,
): Wrong | undefined {
  const expected = truth.codes === undefined ? 'an error' : `an error: ${truth.codes.join(' or ')}`
  if (error === undefined) {
    return { harm: 'short or wrong success', expected, got: `${reason} ${show(text)} ${show(calls)}` }
  }
  if (truth.codes?.includes(error.code) === false) {
    return { harm: 'wrong code', expected, got: `${error.code}: ${error.message}` }
  }
  if (!error.partial.startsWith(needed(truth.least)) || !truth.most.startsWith(error.partial)) {
    return { harm: 'wrong partial', expected: show(truth.least), got: show(error.partial) }
  }
  return undefined
}

/** Half a letter is held back until its other half comes; and white space alone is no content that a reader misses. */
const needed = (text: string): string => (/^[\s\0-\x1f]*$/.test(text) ? '' : text.replace(/[\ud800-\udbff]$/, ''))

function partial(got: string, most: string): Wrong | undefined {
  return most.startsWith(got)
    ? undefined
    : { harm: 'wrong partial', expected: `the beginning of ${show(most)}`, got: show(got) }
}

function compare(
  meant: Meant,
  reading: Reading,
  { idsAreGiven, isWhole }: { idsAreGiven: boolean; isWhole: boolean },
): Wrong | undefined {
  const wrong = (expected: string, got: string): Wrong => ({ harm: 'short or wrong success', expected, got })
  const text = meant.texts.join('')
  if (reading.text !== text) return wrong(`text ${show(text)}`, show(reading.text))
  const thoughts = meant.thoughts.join('')
  if (reading.reasoning !== thoughts) return wrong(`reasoning ${show(thoughts)}`, show(reading.reasoning))
  const calls = callsWrong(meant, reading.calls, idsAreGiven)
  if (calls !== undefined) return calls
  if (reading.reason !== meant.reason) return wrong(`reason ${meant.reason}`, String(reading.reason))
  if (!isWhole) return undefined
  const { source: _source, ...usage } = reading.usage ?? { source: undefined }
  // Zero of them and none are the same count.
  const told = Object.fromEntries(Object.entries(usage).filter(([, count]) => count !== undefined && count !== 0))
  return isDeepStrictEqual(told, { ...meant.usage }) ? undefined : wrong(`usage ${show(meant.usage)}`, show(told))
}

function callsWrong(meant: Meant, got: Reading['calls'], idsAreGiven: boolean): Wrong | undefined {
  const wrong = (what: string): Wrong => ({
    harm: 'short or wrong success',
    expected: `calls ${show(meant.calls)}${meant.cutCall === undefined ? '' : ', and one that is cut'}`,
    got: `${what} ${show(got)}`,
  })
  const cut = meant.cutCall === undefined ? [] : got.slice(meant.calls.length)
  const whole = got.slice(0, got.length - cut.length)
  if (whole.length !== meant.calls.length || cut.length > 1) return wrong('not as many:')
  if (new Set(got.map(({ id }) => id)).size !== got.length || got.some(({ id }) => id === ''))
    return wrong('ids that are not unique:')
  for (const [at, call] of whole.entries()) {
    const intended = meant.calls[at]
    if (call.name !== intended?.name) return wrong('another name:')
    if (idsAreGiven && call.id !== intended.id) return wrong('another id:')
    if (!sameArguments(call.json, intended)) return wrong('other arguments:')
  }
  return undefined
}

/** No text is no arguments, as the library's documentation has it. */
function sameArguments(json: string, { args }: MeantCall): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(json === '' ? '{}' : json) as Json, args)
  } catch {
    return false
  }
}

const MAX_CHARACTERS = 400

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text
}
