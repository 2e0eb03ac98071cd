import type { ChatEvent, Usage } from '@rivulet/core'

export const START = { type: 'start', provider: 'acme', model: 'acme-1', id: 'a1' } as const satisfies ChatEvent
const usage: Usage = { inputTokens: 12, outputTokens: 7, cachedTokens: 4, reasoningTokens: 3, source: 'reported' }
export const text = (words: string): ChatEvent => ({ type: 'text', text: words })
const thought = (words: string): ChatEvent => ({ type: 'reasoning', text: words })
const call = (id: string, name: string): ChatEvent => ({ type: 'tool-call', id, name })
const input = (id: string, json: string): ChatEvent => ({ type: 'tool-input', id, text: json })
export const finish = (
  reason: Extract<ChatEvent, { type: 'finish' }>['reason'] = 'stop',
  counts: Usage | undefined = usage,
): ChatEvent => ({ type: 'finish', reason, usage: counts })
const finishUncounted: ChatEvent = { type: 'finish', reason: 'stop' }

/** Answers that every dialect can carry without loss. */
export const COMMON_ANSWERS: Readonly<Record<string, readonly ChatEvent[]>> = {
  text: [START, text('Hel'), text('lo'), finish()],
  'text with characters that JSON escapes': [START, text('"\\\n\u0000\u2028🌊'), text(' }]}'), text('é"'), finish()],
  'text with halves of a character': [START, text('\ud83c\udf0a'), text('\ud83c'), text('\udf0a'), finish()],
  'text that looks like the end of a stream': [START, text('data: [DONE]\n\n'), text('event: error\n\n'), finish()],
  'no content': [START, finish()],
  'text cut by the token limit': [START, text('Hel'), finish('length')],
  'a filtered answer': [START, text('I can’t.'), finish('content-filter')],
  'thoughts, then text': [START, thought('hm'), thought('…'), text('Yes.'), finish()],
  'a tool call': [START, call('t1', 'weather'), input('t1', '{"city":"Zürich \\"x\\""}'), finish('tool-calls')],
  'a tool call without arguments': [START, call('t1', 'now'), finish('tool-calls')],
  'text and parallel tool calls': [
    START,
    text('Let me look.'),
    call('t1', 'weather'),
    input('t1', '{"city":"Bern"}'),
    call('t2', 'weather'),
    input('t2', '{"city":"Ulm"}'),
    finish('tool-calls'),
  ],
  'two counts only': [START, text('a'), finish('stop', { inputTokens: 3, outputTokens: 2, source: 'reported' })],
  'no usage': [START, text('a'), finishUncounted],
}
