import type { Chat, Part, Reply, Route } from './dialect.ts'
import type { Incoming, Rules } from './incoming.ts'
import type { WireError } from './refusal.ts'

/** Answers that are one JSON document. */

const encoder = new TextEncoder()

/** Stands in a document where the tokens of the answer go; no text of a caller is taken for it. */
export const slot = '\u0001'

/** How many bytes of a document without a text a fault counts as one token. */
const pieceBytes = 64

/** One document. Its parts are slices of it, so that faults can cut it at a token. */
export function documentReply(
  document: unknown,
  tokens: readonly string[],
  error: (error: WireError) => unknown,
): Reply {
  return {
    contentType: 'application/json',
    framing: 'document',
    parts: partsOf(JSON.stringify(document), tokens),
    whole: true,
    endMark: true,
    error: (said) => encoder.encode(JSON.stringify(error(said))),
  }
}

function partsOf(json: string, tokens: readonly string[]): Part[] {
  const inside = jsonInside(slot)
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

/** A text as it stands between the quotes; the halves of a pair that was parted are escapes. */
export function jsonInside(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

interface Asked extends Chat {
  readonly document: unknown
}

/** A route whose answer is a document and no chat: a list of models, vectors. */
export function documentRoute(
  { method, path, errorBody }: { method: Route['method']; path: string; errorBody: (error: WireError) => unknown },
  answer: (request: Incoming, rules: Rules) => { readonly model?: string; readonly document: unknown },
): Route {
  const route: Route<Asked> = {
    method,
    path,
    accept(request, rules) {
      const { model = '', document } = answer(request, rules)
      return { model, messages: [], form: 'json', tools: false, silent: true, document }
    },
    reply: ({ document }) => documentReply(document, [], errorBody),
  }
  return route
}
