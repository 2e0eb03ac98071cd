import type { AnswerFixture, Fixtures } from '../../src/index.ts'

export const sse = (...data: string[]): { contentType: string; body: Uint8Array } => ({
  contentType: 'text/event-stream',
  body: Buffer.from(data.map((line) => `data: ${line}\n\n`).join('')),
})

export const DONE = ['{"finish":"stop"}', '[DONE]']

const text = 'Grüße 🌊.'
const pieces = (more = ''): string[] => [`{"text":"Grüße"${more}}`, `{"text":" 🌊."${more}}`]
const endMark = '"finish":"stop"'
const answer = (...data: string[]): AnswerFixture => ({ ...sse(...data), text, endMark })
const json = (value: unknown) => ({ contentType: 'application/json', body: Buffer.from(JSON.stringify(value)) })

/** What the small dialect can lie about. */
export const miniVariants: Partial<Fixtures> = {
  emptyReasons: {
    'an empty reason': answer(...pieces(',"finish":""'), ...DONE),
    'no reason but the end mark': { ...answer(...pieces(',"finish":""'), '[DONE]'), endMark: 'data: [DONE]' },
  },
  earlyEnds: { 'a reason in each piece': answer(...pieces(',"finish":"stop"'), ...DONE) },
  endMarkAlone: { '[DONE]': sse('[DONE]') },
  silentEnd: {
    ...answer(...pieces(), '{"finish":"stop"}'),
    afterMs: 1_000,
    late: { body: sse('{"text":" More."}').body, text: ' More.' },
  },
  twoAnswers: { numbered: answer('{"answer":1,"text":"No."}', ...pieces(), '{"answer":1,"text":"No."}', ...DONE) },
  unmarkedToolCalls: {
    'without ids': {
      ...sse(
        '{"call":{"name":"f"}}',
        '{"args":{"json":"[1]"}}',
        '{"call":{"name":"g"}}',
        '{"args":{"json":"[2]"}}',
        '{"finish":"tool-calls"}',
        '[DONE]',
      ),
      toolCalls: [
        { type: 'tool-call', id: '', name: 'f', input: '[1]' },
        { type: 'tool-call', id: '', name: 'g', input: '[2]' },
      ],
      endMark,
    },
  },
  differingWholes: { 'another text': sse(...pieces(), '{"whole":"Grüße."}', ...DONE) },
  onlyInWhole: { 'the whole alone': answer(`{"whole":"${text}"}`, ...DONE) },
  embeddings: {
    request: { model: 'mini-1', input: ['one', 'two'] },
    right: json({ vectors: [[1], [2]] }),
    wrong: { 'one vector for two inputs': json({ vectors: [[1]] }) },
  },
}
