/**
 * Why a law says nothing of a subject. A reason that begins with "no fixture" is a gap in what is known of the subject; any
 * other is what its dialect is.
 */

import { comesInParts, type Fixtures, isRawText, isSse } from './fixtures.ts'
import type { Subject } from './law.ts'

type Exempts = (subject: Subject) => string | undefined

const RAW = 'raw text: every byte of it is the answer'

export const missing =
  (name: keyof Fixtures): Exempts =>
  ({ answers }) =>
    answers[name] === undefined ? `no fixture ${name}` : undefined

/** Of a law of the middle of an answer. */
export const isDocument: Exempts = ({ answers: { text } }) =>
  comesInParts(text) ? undefined : 'its answer is one document, of which nothing is read before its end'

/** Of a law of frames. */
export const isRaw: Exempts = ({ answers: { text } }) => (isRawText(text) ? RAW : undefined)

/** Of a law of server-sent events. */
export const isNoEventStream: Exempts = ({ answers: { text } }) =>
  isSse(text) ? undefined : isRawText(text) ? RAW : 'its answers are JSON'

/** Of a law of JSON in a body of its own. */
export const isNoJson: Exempts = ({ answers: { text } }) =>
  isSse(text) ? 'its answers are server-sent events' : isRawText(text) ? RAW : undefined

export const noEmptyAnswer: Exempts = (subject) =>
  subject.answers.empty !== undefined || !isRawText(subject.answers.text)
    ? missing('empty')(subject)
    : 'raw text without content is an empty body, which is malformed (row 9)'

/** Of an error behind content; a document can have one beside it. */
export function noErrorBehind(subject: Subject): string | undefined {
  const { text, errorMidStream } = subject.answers
  if (errorMidStream !== undefined || !comesInParts(text)) return undefined
  return isRaw(subject) ?? missing('errorMidStream')(subject)
}

/** Of a law of tool calls that needs one of these fixtures. */
export const noToolCall =
  (...names: readonly (keyof Fixtures)[]): Exempts =>
  ({ answers, provider }) => {
    if (names.some((name) => answers[name] !== undefined)) return undefined
    const calls = answers.toolCall !== undefined || provider({}).info.settings.some(({ name }) => name === 'tools')
    return calls ? `no fixture ${names.join(' or ')}` : 'it calls no tools'
  }
