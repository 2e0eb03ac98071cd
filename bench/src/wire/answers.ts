/**
 * One long answer in each dialect, made from a list of words. The source streams it, and every reader must get the same text.
 */

export interface Answer {
  contentType: string
  /** Before the first chunk of text. */
  head: string
  /** The chunk that carries the text of this place. */
  chunkAt: (index: number) => string
  /** After the last chunk of text. */
  tail: (chunks: number) => string
}

export type AnswerName = 'openai' | 'openai-padded' | 'anthropic' | 'google' | 'ollama' | 'text'

const WORDS = [
  'The',
  ' river',
  ' runs',
  ' to',
  ' the',
  ' sea',
  ',',
  ' and',
  ' naïve',
  ' stones',
  ' 川',
  '.',
  '\n',
  ' “so”',
]

/** The text at an index: mostly plain words, sometimes with an escape or several bytes per character. */
export const wordAt = (index: number): string => WORDS[(index * 5) % WORDS.length] ?? ''

/** The text of an answer with this many chunks. */
export const textOf = (chunks: number): string => Array.from({ length: chunks }, (_, index) => wordAt(index)).join('')

const OPENAI =
  '"id":"chatcmpl-9tXk2LrJcQ8fYb3nV0aWs","object":"chat.completion.chunk","created":1732147200,' +
  '"model":"gpt-4-0613","system_fingerprint":"fp_7b1c0a9d2e"'

const openaiChunk = (delta: string, reason = 'null', behind = ''): string =>
  `data: {${OPENAI},"choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${reason}}]${behind}}\n\n`

const openai: Answer = {
  contentType: 'text/event-stream; charset=utf-8',
  head: openaiChunk('{"role":"assistant","content":"","refusal":null}'),
  chunkAt: (index) => openaiChunk(`{"content":${JSON.stringify(wordAt(index))}}`),
  tail: (chunks) => openaiChunk('{}', '"stop"') + openaiUsage(chunks) + 'data: [DONE]\n\n',
}

const openaiUsage = (chunks: number): string =>
  `data: {${OPENAI},"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":${chunks},"total_tokens":${chunks + 9}}}\n\n`

const LETTERS = 'aZ3kQ9xT0bLmN7'

/** OpenAI itself pads each chunk with random letters, which hide the length of the text. */
const padded: Answer = {
  ...openai,
  chunkAt(index) {
    const word = JSON.stringify(wordAt(index))
    return openaiChunk(`{"content":${word}}`, 'null', `,"usage":null,"obfuscation":"${LETTERS.slice(word.length)}"`)
  },
}

const event = (type: string, data: string): string => `event: ${type}\ndata: {"type":"${type}",${data}}\n\n`

const anthropic: Answer = {
  contentType: 'text/event-stream; charset=utf-8',
  head:
    event(
      'message_start',
      '"message":{"id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant","model":"claude-opus-4-1-20250805",' +
        '"content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":1}}',
    ) +
    event('content_block_start', '"index":0,"content_block":{"type":"text","text":""}') +
    'event: ping\ndata: {"type": "ping"}\n\n',
  chunkAt: (index) =>
    event('content_block_delta', `"index":0,"delta":{"type":"text_delta","text":${JSON.stringify(wordAt(index))}}`),
  tail: (chunks) =>
    event('content_block_stop', '"index":0') +
    event(
      'message_delta',
      `"delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":${chunks}}`,
    ) +
    'event: message_stop\ndata: {"type":"message_stop"}\n\n',
}

const googleChunk = (text: string, index: number, reason = ''): string =>
  `data: {"candidates": [{"content": {"parts": [{"text": ${text}}],"role": "model"}${reason},"index": 0}],` +
  `"usageMetadata": {"promptTokenCount": 9,"candidatesTokenCount": ${index + 1},"totalTokenCount": ${index + 10}},` +
  '"modelVersion": "gemini-3.8-flash","responseId": "xLzVaIqkN7-mqtsPqYTV2AE"}\r\n\r\n'

const google: Answer = {
  contentType: 'text/event-stream',
  head: '',
  chunkAt: (index) => googleChunk(JSON.stringify(wordAt(index)), index),
  tail: (chunks) => googleChunk('""', chunks, ',"finishReason": "STOP"'),
}

/** Each line has a timestamp, so that no two are equal. */
const ollamaLine = (index: number, content: string, behind: string): string =>
  `{"model":"llama3.2:3b","created_at":"2026-11-20T18:24:50.${String((index * 20_000_003) % 1_000_000_000).padStart(9, '0')}Z","message":{"role":"assistant","content":${content}},${behind}}\n`

const ollama: Answer = {
  contentType: 'application/x-ndjson',
  head: '',
  chunkAt: (index) => ollamaLine(index, JSON.stringify(wordAt(index)), '"done":false'),
  tail: (chunks) =>
    ollamaLine(
      chunks,
      '""',
      `"done":true,"done_reason":"stop","total_duration":5191566416,"load_duration":2154458,"prompt_eval_count":26,` +
        `"prompt_eval_duration":383809000,"eval_count":${chunks},"eval_duration":4799921000`,
    ),
}

const text: Answer = {
  contentType: 'text/plain; charset=utf-8',
  head: '',
  chunkAt: wordAt,
  tail: () => '',
}

export const answers: Readonly<Record<AnswerName, Answer>> = {
  openai,
  'openai-padded': padded,
  anthropic,
  google,
  ollama,
  text,
}
