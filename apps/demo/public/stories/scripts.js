/**
 * The stories, as data: which faults there are, what is asked, and what is said before and after.
 *
 * @typedef {import('../river/feed.js').AnswerReport} AnswerReport
 * @typedef {{
 *   id: string,
 *   title: string,
 *   name: string,
 *   question: string,
 *   faults: (providers: readonly { id: string }[]) => [provider: string, fault: string][],
 *   before: (first: string) => string,
 *   after: (report: AnswerReport) => string,
 *   plain?: string,
 * }} Story `name`: the title on its button. `plain`: the fault of the same question to a plain client, beside it
 */

/** The faults of the story in which everything is down: what real endpoints do on a bad day. */
const BAD_DAY = ['cut', 'busy', 'html', 'key', 'kill', 'error', 'busy', 'html']

/** @type {readonly Story[]} */
export const STORIES = [
  {
    id: 'dies',
    title: 'A provider dies in the middle of an answer',
    name: 'A provider dies mid-answer',
    question: 'Count to 80',
    faults: ([first]) => (first ? [[first.id, 'kill']] : []),
    before: (first) => `${first} answers. After 60 tokens its connection will break.`,
    after: ({ totalMs = 0 }) =>
      `The answer is whole, ${(totalMs / 1000).toFixed(1)} s after it was asked for. You did not have to ask again.`,
  },
  {
    id: 'slow',
    title: 'A slow provider is overtaken',
    name: 'A slow provider is overtaken',
    question: 'Why is the sky blue?',
    faults: ([first]) => (first ? [[first.id, 'slow']] : []),
    before: (first) => `${first} will not say a word for 6 seconds.`,
    after: ({ firstTokenMs = 0 }) => `The first word came after ${(firstTokenMs / 1000).toFixed(1)} s, not after 6.`,
  },
  {
    id: 'down',
    title: 'Everything is down, and it is told plainly',
    name: 'Everything is down',
    question: 'Count to 80',
    faults: (providers) => providers.map(({ id }, index) => [id, BAD_DAY[index % BAD_DAY.length] ?? 'cut']),
    before: () => 'Every provider has a fault of its own. No answer is possible.',
    after: () => 'What had come is marked as incomplete. Nothing is passed off as an answer.',
  },
  {
    id: 'foil',
    title: 'The same break, without Rivulet',
    name: 'The same break without Rivulet',
    question: 'Count to 80',
    faults: ([first]) => (first ? [[first.id, 'cut']] : []),
    before: (first) => `${first} will end its answer too early, for both.`,
    after: () => 'The plain client shows a part as the whole, and does not know it.',
    plain: 'cut',
  },
]
