import type { AnswerFixture } from './fixtures.ts'
import type { Subject } from './law.ts'

/** How an answer is asked for: as a stream, or in one piece (`stream: false`). The events are the same. */
export type Form = 'streamed' | 'one piece'

export const FORMS: readonly Form[] = ['streamed', 'one piece']

/**
 * The subject as it is when it is asked in this form. An endpoint that has no answer in one piece streams all the same, so
 * its stream is what is asked for.
 */
export function inForm(subject: Subject, form: Form): Subject {
  if (form === 'streamed') return subject
  const { text, onePiece, empty, errorFirst, errorMidStream } = subject.answers
  return {
    ...subject,
    request: { ...subject.request, stream: false },
    answers: {
      text: onePiece ?? text,
      ...(empty !== undefined && { empty }),
      ...(errorFirst !== undefined && { errorFirst }),
      // A document has no middle.
      ...(errorMidStream !== undefined && onePiece === undefined && { errorMidStream }),
    },
  }
}

/** Whether content can be read before the answer is whole. Of a JSON document, nothing can. */
export const comesInParts = ({ contentType }: AnswerFixture): boolean => !contentType.startsWith('application/json')

/** Why a law of the middle of an answer says nothing of a subject. */
export const isDocument = ({ answers: { text } }: Subject): string | undefined =>
  comesInParts(text) ? undefined : 'its answer is one document, of which nothing is read before its end'
