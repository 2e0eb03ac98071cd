import {
  type AssistantMessage,
  ChatError,
  type ChatRequest,
  type EmbedRequest,
  type Message,
  type Part,
  type ReasoningEffort,
} from '@rivulet/core'
import { type EncodedRequest, objectSchema, readDataUrl, toolArguments } from '@rivulet/core/provider'

type WireMessage = Record<string, unknown>

/**
 * A request as a body of `/api/chat`. The order of the fields is fixed, because equal requests must be equal bytes.
 *
 * @throws `ChatError` of the code `unsupported` for an image that is not in the request itself, and for a document.
 * @see https://docs.ollama.com/api/chat (2026-11-20)
 */
export function encode(request: ChatRequest): EncodedRequest {
  const { responseFormat: format } = request
  const options = {
    temperature: request.temperature,
    top_p: request.topP,
    num_predict: request.maxTokens,
    stop: request.stop,
    seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
  }
  const tools = request.tools?.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters: objectSchema(parameters) },
  }))
  const body = {
    model: request.model,
    messages: encodeMessages(request.messages),
    // It streams by default.
    stream: request.stream !== false,
    tools: tools?.length === 0 ? undefined : tools,
    format: typeof format === 'object' ? format.schema : format === 'json' ? 'json' : undefined,
    think: encodeThinking(request.reasoning),
    options: Object.values(options).some((value) => value !== undefined) ? options : undefined,
    ...request.extra,
  }
  return { path: '/api/chat', body }
}

/** @see https://docs.ollama.com/api/embed (2026-11-20) */
export function encodeEmbedding({ model, input, dimensions }: EmbedRequest): EncodedRequest {
  return { path: '/api/embed', body: { model, input, dimensions } }
}

function encodeMessages(messages: readonly Message[]): WireMessage[] {
  /** A result must name its function; a message in Rivulet names only the call. */
  const names = new Map<string, string>()
  return messages.map((message): WireMessage => {
    switch (message.role) {
      case 'system':
        return { role: 'system', content: message.content }
      case 'user':
        return { role: 'user', ...encodeContent(message.content) }
      case 'assistant':
        for (const { id, name } of message.toolCalls ?? []) names.set(id, name)
        return encodeTurn(message)
      case 'tool': {
        const { toolCallId: id, content, isError } = message
        // The dialect has no field for a failure.
        const words = isError === true ? `Error: ${content}` : content
        return { role: 'tool', content: words, tool_name: names.get(id) ?? id, tool_call_id: id }
      }
    }
  })
}

function encodeTurn({ content, toolCalls = [], thoughts = [], origin = 'ollama' }: AssistantMessage): WireMessage {
  const thinking = origin === 'ollama' ? thoughts.map(({ text }) => text).join('') : ''
  return {
    role: 'assistant',
    content,
    thinking: thinking === '' ? undefined : thinking,
    tool_calls:
      toolCalls.length === 0
        ? undefined
        : toolCalls.map((call) => ({ id: call.id, function: { name: call.name, arguments: toolArguments(call) } })),
  }
}

/** Texts and images are separate fields. */
function encodeContent(content: string | readonly Part[]): { content: string; images?: string[] } {
  if (typeof content === 'string') return { content }
  const texts: string[] = []
  const images: string[] = []
  for (const part of content) {
    if (part.type === 'text') texts.push(part.text)
    else if (part.type === 'image') images.push(imageOf(part.url))
    else throw new ChatError('unsupported', 'documents are not taken: give their text')
  }
  return { content: texts.join('\n'), ...(images.length > 0 && { images }) }
}

function imageOf(url: string): string {
  const data = readDataUrl(url)
  if (data === undefined) throw new ChatError('unsupported', 'images are taken as data: URLs only, not by address')
  return data.base64
}

/** Levels are for models that have them (gpt-oss); other models take any level as `true`. */
function encodeThinking(effort: ReasoningEffort | undefined): unknown {
  if (effort === undefined) return undefined
  if (effort === 'none') return false
  return effort === 'minimal' ? 'low' : effort
}
