import { type FaultDefinition, fault } from '../fault.ts'
import type { FaultOptions } from '../fault-options.ts'
import type { WireError } from '../request-error.ts'
import { endTruncated, writeHead, writeUntil, type PendingAnswer } from '../pending-answer.ts'
import { statusError } from './status-error.ts'

const json = { 'content-type': 'application/json' }

/** Faults of an endpoint that reports an error. */
export const errors = {
  'json-error-200': fault({
    summary: 'answers 200 with a JSON error body',
    breaks: true,
    options: { error: null },
    apply: ({ wire, dialect }, options) => wire.send(200, json, JSON.stringify(dialect.errorBody(errorOf(options)))),
  }),
  'error-first': fault({
    summary: 'answers 200 with an error in place of the first token',
    breaks: true,
    options: { error: null },
    apply: errorFirst,
  }),
  'error-mid-stream': fault({
    summary: 'sends an error after some tokens',
    breaks: true,
    options: { error: null, afterEvents: 3 },
    async apply(pending, options) {
      // An error cannot be inserted into the middle of a document.
      if (pending.reply.isDocument) return errorFirst(pending, options)
      await writeUntil(pending, options)
      await pending.wire.write(pending.reply.error(errorOf(options)))
      return endTruncated(pending)
    },
  }),
  status: fault({
    summary: 'answers with an HTTP error status',
    breaks: true,
    options: { status: 500, headers: null, body: null, error: null },
    apply({ wire, dialect }, { status, headers, body, error }) {
      const content = body ?? dialect.errorBody({ ...statusError(status), ...error })
      const [type, text] =
        typeof content === 'string' ? ['text/plain', content] : [json['content-type'], JSON.stringify(content)]
      return wire.send(status, { 'content-type': type, ...headers }, text)
    },
  }),
  'wrong-key': fault({
    summary: 'refuses the key, as the dialect refuses a wrong one',
    breaks: true,
    isLasting: true,
    async apply({ wire, dialect, recheck }) {
      // No request can carry it.
      recheck({ credential: '\n' })
      // A dialect without a credential has no words of its own.
      return wire.send(401, json, JSON.stringify(dialect.errorBody(statusError(401))))
    },
  }),
  overloaded: fault({
    summary: 'answers 529, overloaded',
    breaks: true,
    options: { headers: null },
    apply: ({ wire, dialect }, { headers }) =>
      wire.send(529, { ...json, ...headers }, JSON.stringify(dialect.errorBody(statusError(529)))),
  }),
  'model-missing': fault({
    summary: 'says that the model does not exist although it does (observed at Lockchat)',
    breaks: true,
    options: { status: 200, as: ['sse', 'json', 'text'] },
    apply({ wire, dialect, chat }, { status, as }) {
      const message = `The model: \`${chat.model}\` does not exist`
      if (as === 'text') return wire.send(status, { 'content-type': 'text/plain; charset=utf-8' }, message)
      const error = { message, type: 'invalid_request_error', code: 'model_not_found', param: 'model' }
      const body = JSON.stringify(dialect.errorBody(error))
      if (as === 'json') return wire.send(status, json, body)
      return wire.send(status, { 'content-type': 'text/event-stream; charset=utf-8' }, `data: ${body}\n\n`)
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>

async function errorFirst(pending: PendingAnswer, options: FaultOptions): Promise<void> {
  writeHead(pending)
  await pending.pace(pending.wire)
  await pending.wire.write(pending.reply.error(errorOf(options)))
  await pending.wire.end()
}

function errorOf({ error }: FaultOptions): WireError {
  return {
    message: 'The server is overloaded. Please try again later.',
    type: 'server_error',
    code: 'overloaded',
    ...error,
  }
}
