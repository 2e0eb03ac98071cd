import type { Subject } from './law.ts'

/** How an answer is requested: as a stream, or in one piece (`stream: false`). The events are the same. */
export type Form = 'streamed' | 'one piece'

export const FORMS: readonly Form[] = ['streamed', 'one piece']

/**
 * The subject with requests and answers in this form. An endpoint without answers in one piece streams in either form, so
 * its streams are kept.
 */
export function inForm(subject: Subject, form: Form): Subject {
  if (form === 'streamed') return subject
  const { onePiece, onePieceToolCalls, onePieceVariants, empty, errorFirst, embeddings } = subject.answers
  const asked = { ...subject, request: { ...subject.request, stream: false } }
  if (onePiece === undefined) return asked
  return {
    ...asked,
    answers: {
      ...onePieceVariants,
      text: onePiece,
      ...(onePieceToolCalls !== undefined && { toolCall: onePieceToolCalls }),
      ...(empty !== undefined && { empty }),
      ...(errorFirst !== undefined && { errorFirst }),
      ...(embeddings !== undefined && { embeddings }),
    },
  }
}
