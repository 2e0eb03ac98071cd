/** A provider with a dialect of its own: JSON lines `{"say":"Hel"}`, and `{"done":true}` as the end mark. */
import { ChatError, type Message, type Provider, type ProviderInfo, type ProviderOptions } from '@rivulet/core'
import { bearer, httpProvider, isErrorBody, readErrorBody, settings } from '@rivulet/core/provider'
import type { DecodedEvent, Decoder, Protocol } from '@rivulet/core/provider'
import { JsonFrames, ndjsonFraming, partsOf, textOfParts } from '@rivulet/core/provider'

const info: ProviderInfo = {
  name: 'Parrot',
  url: 'https://parrot.example',
  auth: 'required',
  streaming: true,
  models: [{ id: 'grey', contextTokens: 8_000 }],
  // What the endpoint honours. Any other field of a request is a TypeError at the call.
  settings: settings({ stream: undefined, maxTokens: undefined }),
}

// Field by field, so that equal requests are equal bytes, and what the endpoint has no word for is not lost unseen.
// Another model's reasoning is not for this one.
function write(message: Message): { role: string; content: string } {
  const parts = partsOf(message).filter(({ type }) => type !== 'reasoning')
  if (parts.some(({ type }) => type !== 'text')) throw new ChatError('unsupported', 'text is all that it reads')
  return { role: message.role, content: textOfParts(parts) }
}

const protocol: Protocol = {
  dialect: 'parrot',
  open: ({ model, messages, maxTokens, stream }) => ({
    http: { path: '/talk', body: { model, messages: messages.map(write), max: maxTokens, stream: stream !== false } },
    decode,
  }),
  framing: () => ndjsonFraming(),
}

// Called for each answer: what is remembered between frames is in here.
function decode(emit: (event: DecodedEvent) => void): Decoder {
  const frames = new JsonFrames()
  return {
    push(frame) {
      const line = frames.parse(frame.text())
      if (line === undefined || Array.isArray(line)) return
      if (isErrorBody(line)) {
        const { code, message } = readErrorBody(undefined, line)
        throw new ChatError(code, `the endpoint reports: ${message}`)
      }
      if (typeof line.say === 'string' && line.say !== '') emit({ type: 'text', text: line.say })
      if (line.done === true) {
        emit({ type: 'finish', reason: 'stop', ...(frames.skipped > 0 && { skipped: frames.skipped }) })
      }
    },
    end() {
      throw new ChatError('truncated', 'the answer broke off before its end mark')
    },
  }
}

export function parrot(options: ProviderOptions & { apiKey?: string } = {}): Provider {
  const baseUrl = 'https://api.parrot.example/v1'
  return httpProvider({ id: 'parrot', info, protocol, baseUrl, apiKey: { env: 'PARROT_API_KEY', as: bearer } }, options)
}
