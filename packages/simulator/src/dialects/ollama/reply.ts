import type { Answer } from '../../answers.ts'
import type { ToolCall } from '../../answers/tool-calls.ts'
import type { Part, Reply } from '../../dialect.ts'
import { documentReply, textPlaceholder } from '../../document.ts'
import type { CallForm, ReplyFormat, UsageForm } from '../../incoming-request.ts'
import { inputOf, callsInForm } from '../openai-tool-calls.ts'
import { ollamaErrorBody } from './models.ts'

const encoder = new TextEncoder()

/** Fixed, so that equal requests get equal bytes. */
const createdAt = '2026-01-01T00:00:00Z'

/** One document per line; the last one is `done`. */
export function linesReply(model: string, answer: Answer, { callForm, usageForm }: ReplyFormat): Reply {
  const counts = (output: number): object => countsOf(answer, output, usageForm)
  const line = (kind: Part['kind'], message: object, rest: object): Part => {
    const document = { model, created_at: createdAt, message: { role: 'assistant', content: '', ...message }, ...rest }
    return { kind, bytes: encoder.encode(`${JSON.stringify(document)}\n`) }
  }
  let sent = 0
  const content = (message: object): Part =>
    line('content', message, { done: false, ...(usageForm === 'every-chunk' ? counts(++sent) : {}) })
  return {
    contentType: 'application/x-ndjson',
    framing: 'lines',
    parts: [
      ...(answer.reasoning ?? []).map((thinking) => content({ thinking })),
      ...answer.tokens.map((token) => content({ content: token })),
      ...callLines(answer.calls ?? [], callForm).map((calls) => content({ tool_calls: calls })),
      line('finish', {}, { ...ending(answer), ...counts(answer.outputTokens) }),
    ],
    isDocument: false,
    endMark: true,
    error: (error) => encoder.encode(`${JSON.stringify(ollamaErrorBody(error))}\n`),
  }
}

export function wholeReply(model: string, answer: Answer, { callForm, usageForm }: ReplyFormat): Reply {
  const { reasoning, calls, tokens } = answer
  const message = {
    role: 'assistant',
    content: calls === undefined ? textPlaceholder : '',
    ...(reasoning === undefined ? {} : { thinking: reasoning.join('') }),
    ...(calls === undefined ? {} : { tool_calls: callLines(calls, callForm).flat() }),
  }
  const counts = countsOf(answer, answer.outputTokens, usageForm)
  return documentReply({ model, created_at: createdAt, message, ...ending(answer), ...counts }, tokens, ollamaErrorBody)
}

function ending({ earlyStop }: Answer): object {
  return {
    done: true,
    done_reason: earlyStop?.reason === 'length' ? 'length' : 'stop',
    total_duration: 1_000_000,
    load_duration: 1_000,
    prompt_eval_duration: 100_000,
    eval_duration: 800_000,
  }
}

function countsOf({ inputTokens }: Answer, output: number, form: UsageForm = 'last-chunk'): object {
  if (form === 'absent') return {}
  if (form === 'nonsense') return { prompt_eval_count: 'NaN', eval_count: null }
  return { prompt_eval_count: inputTokens, eval_count: output }
}

/** The calls of each line: complete, and one per line unless interleaved. */
function callLines(calls: readonly ToolCall[], form?: CallForm): object[][] {
  const whole = callsInForm(calls, form).map((call, at) => {
    const index = form === 'no-index' ? {} : { index: form === 'same-index' ? 0 : at }
    return { id: call.id, function: { ...index, name: call.name, arguments: inputOf(call) } }
  })
  return form === 'interleaved' ? [whole] : whole.map((call) => [call])
}
