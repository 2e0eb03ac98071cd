import { deferred } from '../async/deferred.ts'
import { parseJson } from '../dialect/parse-json.ts'
import { ChatError } from '../errors.ts'
import { jsonFraming } from '../framing/json.ts'
import type { Opened, Protocol } from '../protocol.ts'
import type { CallOptions } from '../provider.ts'
import type { Endpoint } from './endpoint.ts'
import { HttpAnswer } from './http-answer.ts'
import type { OutgoingRequest } from './outgoing-request.ts'

/** The longest document that is accepted: 64 MiB. */
const MAX_BYTES = 64 * 1024 * 1024

/**
 * Sends a request that is answered by one JSON document: a list of models, embeddings. The document is read as an answer of
 * one message, so that errors, aborts and secrets are treated as for a stream.
 *
 * @param read Extracts the result from the document; `undefined` when the document has another shape.
 */
export async function askJson<T>(
  endpoint: Endpoint,
  protocol: Protocol,
  request: OutgoingRequest,
  read: (document: unknown) => T | undefined,
  call: CallOptions | undefined,
): Promise<T> {
  const { promise, resolve } = deferred<T>()
  const documents: Protocol = {
    ...protocol,
    endsAfterMs: undefined,
    framing: () => jsonFraming({ maxFrameBytes: MAX_BYTES }),
  }
  const decode: Opened['decode'] = (emit) => ({
    push(frame) {
      const result = read(parseJson(frame.text()))
      if (result === undefined) throw new ChatError('malformed', 'the response is not the expected JSON document')
      resolve(result)
      emit({ type: 'finish', reason: 'stop' })
    },
    end: () => undefined,
  })
  const opened = { outgoing: request, decode, dropped: [] }
  await new HttpAnswer({ endpoint, model: '', protocol: documents, opened, call: { ...call, raw: false } }).next()
  return promise
}
