/**
 * Why a law does not apply to a subject. A reason that begins with "no fixture" is a gap in the subject, which can be
 * filled; any other reason lies in its dialect.
 */

import { comesInParts, type Fixtures, isRawText, isSse } from './fixtures.ts'
import type { Subject } from './law.ts'
import type { Variants } from './variants.ts'

type Exempts = (subject: Subject) => string | undefined

const RAW = 'raw text: every byte of it is the answer'

export const missing =
  (name: keyof Fixtures): Exempts =>
  ({ answers }) =>
    answers[name] === undefined ? `no fixture ${name}` : undefined

/** For a law about the middle of an answer. */
export const isDocument: Exempts = ({ answers: { text } }) =>
  comesInParts(text) ? undefined : 'its answer is one document, which delivers nothing before its end'

/** For a law about frames. */
export const isRaw: Exempts = ({ answers: { text } }) => (isRawText(text) ? RAW : undefined)

/** For a law about server-sent events. */
export const isNoEventStream: Exempts = ({ answers: { text } }) =>
  isSse(text) ? undefined : isRawText(text) ? RAW : 'its answers are JSON'

/** For a law about JSON that is not in server-sent events. */
export const isNoJson: Exempts = ({ answers: { text } }) =>
  isSse(text) ? 'its answers are server-sent events' : isRawText(text) ? RAW : undefined

export const noEmptyAnswer: Exempts = (subject) =>
  subject.answers.empty !== undefined || !isRawText(subject.answers.text)
    ? missing('empty')(subject)
    : 'raw text without content is an empty body, which is malformed (row 9)'

/** For a law about an error after content; a document can have an error beside its content. */
export function noErrorAfter(subject: Subject): string | undefined {
  const { text, errorMidStream } = subject.answers
  if (errorMidStream !== undefined || !comesInParts(text)) return undefined
  return isRaw(subject) ?? missing('errorMidStream')(subject)
}

/** For a law about tool calls that needs one of these fixtures. */
export const noToolCall =
  (...names: readonly (keyof Fixtures)[]): Exempts =>
  ({ answers, provider }) => {
    if (names.some((name) => answers[name] !== undefined)) return undefined
    const calls = answers.toolCall !== undefined || provider({}).info.settings.some(({ name }) => name === 'tools')
    return calls ? `no fixture ${names.join(' or ')}` : 'it calls no tools'
  }

/** For a law about an error event in words. */
export const noEventsInWords: Exempts = (subject) =>
  comesInParts(subject.answers.text) ? isNoEventStream(subject) : 'its answer is one document, which has no events'

/** For a law about a variant of an answer. */
export const noVariant =
  (name: keyof Variants): Exempts =>
  (subject) => {
    const { answers } = subject
    const given = answers[name]
    if (typeof given === 'string') return given
    if (given !== undefined) return undefined
    return comesInParts(answers.text) ? missing(name)(subject) : 'its answer is one document, which is whole or cut'
  }
