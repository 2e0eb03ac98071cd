import type { Chat, Part, Reply, Route } from './dialect.ts'
import type { IncomingRequest, Rules } from './incoming-request.ts'
import type { WireError } from './request-error.ts'

/** Replies that are one JSON document. */

const encoder = new TextEncoder()

/** Marks the place of the answer's tokens in a document. Only a complete JSON string matches, so caller text cannot. */
export const textPlaceholder = '\u0001'

/** In a document without text, a fault counts this many bytes as one token. */
const pieceBytes = 64

/** One document. Its parts are slices, so that faults can cut it at a token. */
export function documentReply(
  document: unknown,
  tokens: readonly string[],
  error: (error: WireError) => unknown,
): Reply {
  return {
    contentType: 'application/json',
    framing: 'document',
    parts: partsOf(JSON.stringify(document), tokens),
    isDocument: true,
    endMark: true,
    error: (wireError) => encoder.encode(JSON.stringify(error(wireError))),
  }
}

function partsOf(json: string, tokens: readonly string[]): Part[] {
  const inside = jsonInside(textPlaceholder)
  const at = json.indexOf(`"${inside}"`) + 1
  if (at > 0) {
    return [
      { kind: 'open', bytes: encoder.encode(json.slice(0, at)) },
      ...tokens.map((token): Part => ({ kind: 'content', bytes: encoder.encode(jsonInside(token)) })),
      { kind: 'finish', bytes: encoder.encode(json.slice(at + inside.length)) },
    ]
  }
  const bytes = encoder.encode(json)
  const count = Math.max(1, Math.ceil(bytes.length / pieceBytes))
  return Array.from({ length: count }, (_, index) => ({
    kind: 'content',
    bytes: bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  }))
}

/** A text as it appears between JSON quotes; lone surrogates become escapes. */
function jsonInside(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

interface DocumentChat extends Chat {
  readonly document: unknown
}

/** A route that answers with a document, not a chat: a list of models, embeddings. */
export function documentRoute(
  { method, path, errorBody }: { method: Route['method']; path: string; errorBody: (error: WireError) => unknown },
  answer: (request: IncomingRequest, rules: Rules) => { readonly model?: string; readonly document: unknown },
): Route {
  const route: Route<DocumentChat> = {
    method,
    path,
    accept(request, rules) {
      const { model = '', document } = answer(request, rules)
      return { model, messages: [], form: 'json', tools: false, documentOnly: true, document }
    },
    reply: ({ document }) => documentReply(document, [], errorBody),
  }
  return route
}
