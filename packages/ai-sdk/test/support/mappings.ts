import type {
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4Message,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider'

/** What becomes of something, from a river to the AI SDK and from a model of the AI SDK to events. */
type Both = readonly [asLanguageModel: string, fromLanguageModel: string]

/** The tables of docs/ai-sdk-parts.md. By the installed types, so that a part, a content or a reason that is new fails the build. */
export const streamParts: Record<LanguageModelV4StreamPart['type'], Both> = {
  'stream-start': [
    'first; its warnings are `dropped` and options that no provider reads',
    'its warnings are `dropped`',
  ],
  'response-metadata': ['of each `start`: the id and the model that answers', '`start`'],
  'text-start': ['a text begins', 'nothing'],
  'text-delta': ['`text`', '`text`'],
  'text-end': [
    'a text is complete; with its signature',
    '`signature` of the text: metadata and citations, for its model',
  ],
  'reasoning-start': ['a thought begins', 'nothing'],
  'reasoning-delta': ['`reasoning`', '`reasoning`'],
  'reasoning-end': ['a thought is complete; with its signature, its seal and its author', '`signature` of the thought'],
  'tool-input-start': ['`tool-call`', '`tool-call`'],
  'tool-input-delta': ['`tool-input`', '`tool-input`'],
  'tool-input-end': ['the call is whole', 'nothing'],
  'tool-call': [
    'the whole call; the text of a text tool as a JSON string',
    'the input, if no pieces came; of the vendor’s own tool: `native`',
  ],
  'tool-result': ['`native` of an AI SDK model', '`native`'],
  'tool-approval-request': ['an MCP approval of Responses', '`native`'],
  custom: ['`native` of a dialect', '`native`'],
  file: ['an image that Gemini made', '`native`'],
  'reasoning-file': ['an image in a thought of Gemini’s', '`native`'],
  source: ['a page that a `native` part names', '`native`'],
  raw: ['`raw`: its frame, parsed', '`raw`'],
  ping: ['never: events have no signs of life', 'nothing'],
  error: [
    'a `ChatError` after the first content, as `APICallError`; before it, the call rejects',
    'a `ChatError`, with what had come',
  ],
  finish: ['`finish`; after an `error`, one that says so', '`finish`, or a `ChatError` for two of its reasons'],
}

export const contents: Record<LanguageModelV4Content['type'], Both> = {
  text: ['`text`', '`text`'],
  reasoning: ['`reasoning`', '`reasoning`'],
  'tool-call': ['`tool-call`', '`tool-call`; of the vendor’s own tool: `native`'],
  'tool-result': ['`native` of an AI SDK model', '`native`'],
  'tool-approval-request': ['an MCP approval of Responses', '`native`'],
  custom: ['`native` of a dialect', '`native`'],
  file: ['an image that Gemini made', '`native`'],
  'reasoning-file': ['an image in a thought of Gemini’s', '`native`'],
  source: ['a page that a `native` part names', '`native`'],
}

export const reasons: Record<LanguageModelV4FinishReason['unified'], Both> = {
  stop: ['`stop`', '`stop`'],
  length: ['`length`', '`length`'],
  'content-filter': ['`content-filter`', '`content-filter`'],
  'tool-calls': ['`tool-calls`', '`tool-calls`'],
  other: ['`other`', '`other`'],
  error: ['the endpoint said an error after its first content', '`overloaded`, or what its `error` part says'],
  interrupted: ['`truncated`, `network` or `timeout` after the first content', '`truncated`'],
}

type PromptPart = Exclude<LanguageModelV4Message['content'], string>[number]['type']

export const promptParts: Record<PromptPart, Both> = {
  text: ['a text', 'a text'],
  file: [
    'an image, or a file; by a vendor’s id: refused',
    'an image, or a file; by a URL that the model can’t read: `unsupported`',
  ],
  reasoning: [
    'a thought, with its signature for its author only',
    'a thought of the model’s own; of another: left out',
  ],
  'reasoning-file': ['`native`', '`native` of an AI SDK model'],
  custom: ['`native`', '`native` of an AI SDK model'],
  'tool-call': ['a call; of a vendor’s own tool: `native`', 'a call'],
  'tool-result': ['a tool message; of a vendor’s own tool: `native`', 'a tool message'],
  'tool-approval-response': ['of a remote call (Responses)', '`native` of an AI SDK model'],
}
