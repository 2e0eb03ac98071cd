import type { ErrorCode, ToolCallPart, Usage } from '@rivulet/core'

/** An answer as bytes, and its meaning. */
export interface AnswerFixture {
  contentType: string
  /** The body as it travels, without HTTP's own framing. */
  body: Uint8Array
  /** The text of the answer. @default '' */
  text?: string | undefined
  /** @default none */
  reasoning?: string | undefined
  /** @default none */
  toolCalls?: readonly ToolCallPart[] | undefined
  /** What it reports; `'absent'` when it reports nothing. @default anything, as long as its numbers are numbers */
  usage?: Usage | 'absent' | undefined
  /**
   * Whether the body itself marks the end of the answer. `false`: the answer ends where its body ends. A string is
   * stricter than `true`: the first words of the mark, as `'"finish_reason":"stop"'`. An answer that breaks off before them
   * may not end as a success.
   */
  endMark: boolean | string
  /**
   * The mark says why the answer ends, and the end of the body is its end: content may follow the mark, and an open
   * connection is waited for. @default false
   */
  endsWithBody?: boolean | undefined
  /** Words of the message that begins the answer, where a second one begins another: `'message_start'`. @default none */
  startMark?: string | undefined
}

/** An answer with status 200 that is an error. */
export interface ErrorFixture {
  contentType: string
  body: Uint8Array
  /** The code that it means. */
  code: ErrorCode
}
