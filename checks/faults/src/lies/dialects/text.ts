import type { Dialect } from '../oddities.ts'

/**
 * The answer as bare text, as Liaobots sends it. The end of the body is the end of the answer: a clean cut can't be told
 * from it, a reset can.
 */
export const text: Dialect = {
  id: 'text',
  framing: 'text',
  readers: ['liaobots'],
  range: { reasons: ['stop'], failures: [], isBare: true },
  slots: [],
  write: ({ meant: { texts } }) => ({
    frames: texts.map((words) => ({ raw: words, text: words })),
    endsFrom: -1,
    isBare: true,
  }),
}
