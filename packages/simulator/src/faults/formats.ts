import { weatherCall } from '../answers.ts'
import { type FaultDefinition, fault } from '../fault.ts'
import { sendAnswer } from '../pending-answer.ts'

/** Correct answers in formats that have broken readers. */
export const formats = {
  usage: fault({
    summary: 'reports token counts in another form; plain text has no place for them',
    breaks: false,
    options: { form: ['last-chunk', 'every-chunk', 'absent', 'nonsense'] },
    apply: (pending, { form }) =>
      sendAnswer({ ...pending, reply: pending.replyTo(pending.answer, { usageForm: form }) }),
  }),
  'tool-calls': fault({
    summary:
      'answers with tool calls, requested or not, in another form; an answer that cannot carry them is unchanged',
    breaks: ({ tools }, { form }) => tools && form === 'cut-arguments',
    options: {
      form: ['interleaved', 'id-first-only', 'same-index', 'empty-arguments', 'cut-arguments', 'no-index'],
    },
    async apply(pending, { form }) {
      if (!pending.chat.tools) return sendAnswer(pending)
      const calls = pending.answer.calls ?? [weatherCall(pending.random)]
      pending.record({ answer: '' })
      const answer = { ...pending.answer, text: '', tokens: [], calls }
      return sendAnswer({ ...pending, reply: pending.replyTo(answer, { callForm: form }) })
    },
  }),
  surrogates: fault({
    summary:
      'splits an emoji across two deltas as two \\u escapes (adding one if there is none); plain text is not split',
    breaks: false,
    async apply(pending) {
      const { answer, reply } = pending
      if (answer.calls !== undefined || reply.framing === 'text') return sendAnswer(pending)
      const tokens = pairs.test(answer.text) ? answer.tokens : [...answer.tokens, ' 🙂']
      const text = tokens.join('')
      pending.record({ answer: text })
      const split = tokens.flatMap((token) => token.split(betweenHalves))
      return sendAnswer({ ...pending, reply: pending.replyTo({ ...answer, text, tokens: split }) })
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>

const pairs = /[\u{10000}-\u{10FFFF}]/u
/** Without the flag `u` a pattern matches surrogate halves. */
const betweenHalves = /(?<=[\uD800-\uDBFF])(?=[\uDC00-\uDFFF])/
