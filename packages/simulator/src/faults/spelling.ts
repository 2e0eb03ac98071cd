import { weatherCall } from '../answers.ts'
import { type FaultDefinition, fault } from '../fault.ts'
import { perform } from '../scene.ts'

/** Ways of spelling a right answer that readers have fallen over. */
export const spelling = {
  usage: fault({
    summary: 'reports token counts in another form; bare text has no place for them',
    breaks: false,
    options: { form: ['last-chunk', 'every-chunk', 'absent', 'nonsense'] },
    act: (scene, { form }) => perform({ ...scene, reply: scene.replyTo(scene.answer, { usageForm: form }) }),
  }),
  'tool-calls': fault({
    summary: 'answers with tool calls, asked or not, in another form; an answer that cannot carry them is left alone',
    breaks: ({ tools }, { form }) => tools && form === 'cut-arguments',
    options: {
      form: ['interleaved', 'id-first-only', 'same-index', 'empty-arguments', 'cut-arguments', 'no-index'],
    },
    async act(scene, { form }) {
      if (!scene.chat.tools) return perform(scene)
      const calls = scene.answer.calls ?? [weatherCall(scene.random)]
      scene.record({ answer: '' })
      const answer = { ...scene.answer, text: '', tokens: [], calls }
      return perform({ ...scene, reply: scene.replyTo(answer, { callForm: form }) })
    },
  }),
  surrogates: fault({
    summary:
      'parts an emoji over two deltas as two \\u escapes (adding one where there is none); bare text stays whole',
    breaks: false,
    async act(scene) {
      const { answer, reply } = scene
      if (answer.calls !== undefined || reply.framing === 'text') return perform(scene)
      const tokens = pairs.test(answer.text) ? answer.tokens : [...answer.tokens, ' 🙂']
      const text = tokens.join('')
      scene.record({ answer: text })
      const parted = tokens.flatMap((token) => token.split(betweenHalves))
      return perform({ ...scene, reply: scene.replyTo({ ...answer, text, tokens: parted }) })
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>

const pairs = /[\u{10000}-\u{10FFFF}]/u
/** Without the flag `u` a pattern sees the halves. */
const betweenHalves = /(?<=[\uD800-\uDBFF])(?=[\uDC00-\uDFFF])/
