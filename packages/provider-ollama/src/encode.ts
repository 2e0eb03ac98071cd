import {
  type AssistantMessage,
  ChatError,
  type ChatRequest,
  type EmbedRequest,
  type FunctionTool,
  type Message,
  type NativeTool,
  type ReasoningEffort,
} from '@rivulet/core'
import {
  Dropped,
  type EncodedRequest,
  extraFields,
  hasCacheMarks,
  isAuthor,
  objectSchema,
  type Opened,
  partsOf,
  readDataUrl,
  textCallAsJson,
  textOfParts,
  textToolsAsFunctions,
  toolArguments,
} from '@rivulet/core/provider'

type WireMessage = Record<string, unknown>

/**
 * A request as a body of `/api/chat`. The order of the fields is fixed, because equal requests must be equal bytes.
 *
 * @throws ChatError `unsupported` for an image that is not in the request itself, for a document, and for a tool of another
 *   dialect.
 * @see https://docs.ollama.com/api/chat (2026-11-20)
 */
export function encode(request: ChatRequest): Pick<Opened, 'http' | 'dropped'> {
  const { responseFormat: format } = request
  const dropped = new Dropped()
  if (hasCacheMarks(request)) dropped.add('cache')
  const options = {
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    num_predict: request.maxTokens,
    stop: request.stop,
    seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
  }
  const tools = textToolsAsFunctions(request.tools, dropped).map((tool) => encodeTool(tool, dropped))
  const body = {
    model: request.model,
    messages: encodeMessages(request, dropped),
    // It streams by default.
    stream: request.stream !== false,
    tools: tools.length === 0 ? undefined : tools,
    format: typeof format === 'object' ? format.schema : format === 'json' ? 'json' : undefined,
    think: request.reasoning && encodeThinking(request.reasoning, dropped),
    options: Object.values(options).some((value) => value !== undefined) ? options : undefined,
    ...extraFields(request, 'ollama'),
  }
  for (const name of request.native?.unnamed ?? []) dropped.add(name)
  return { http: { path: '/api/chat', body }, dropped: dropped.names }
}

/** @see https://docs.ollama.com/api/embed (2026-11-20) */
export function encodeEmbedding({ model, input, dimensions }: EmbedRequest): EncodedRequest {
  return { path: '/api/embed', body: { model, input, dimensions } }
}

function encodeTool(tool: FunctionTool | NativeTool, dropped: Dropped): unknown {
  if (tool.type !== 'native') {
    const { name, description, parameters, strict } = tool
    // Its calls are parsed out of free text.
    if (strict === true) dropped.add('strict')
    return { type: 'function', function: { name, description, parameters: objectSchema(parameters) } }
  }
  if (tool.dialect === 'ollama') return tool.value
  throw new ChatError('unsupported', `tools of ${tool.dialect} are not taken: give functions`)
}

function encodeMessages({ model, messages }: ChatRequest, dropped: Dropped): WireMessage[] {
  /** A result must name its function; a message in Rivulet names only the call. */
  const names = new Map<string, string>()
  return messages.flatMap((message): WireMessage[] => {
    switch (message.role) {
      case 'system':
        return [{ role: 'system', content: message.content }]
      case 'user':
        return [{ role: 'user', ...encodeContent(message, dropped) }]
      case 'assistant': {
        const turn = encodeTurn(message, model, names, dropped)
        return turn === undefined ? [] : [turn]
      }
      case 'tool': {
        const { toolCallId: id, isError } = message
        const { content, images } = encodeContent(message, dropped)
        // The dialect has no field for a failure.
        const words = isError === true ? `Error: ${content}` : content
        return [{ role: 'tool', content: words, images, tool_name: names.get(id) ?? id, tool_call_id: id }]
      }
    }
  })
}

/** Text, reasoning and calls are separate fields. `undefined` for a turn of which nothing is left. */
function encodeTurn(
  message: AssistantMessage,
  model: string,
  names: Map<string, string>,
  dropped: Dropped,
): WireMessage | undefined {
  const parts = partsOf(message)
  const isOwn = isAuthor(message.origin, 'ollama', model)
  let thinking = ''
  const calls: unknown[] = []
  for (const part of parts) {
    if (part.type === 'reasoning') {
      if (isOwn) thinking += part.text
      else dropped.add('reasoning of another model')
    } else if (part.type === 'native') dropped.add(`native parts of ${part.dialect}`)
    else if (part.type === 'tool-call') {
      const { id, name } = part
      names.set(id, name)
      calls.push({ id, function: { name, arguments: toolArguments(textCallAsJson(part)) } })
    }
  }
  const content = textOfParts(parts)
  if (parts.length > 0 && content === '' && thinking === '' && calls.length === 0) return undefined
  return {
    role: 'assistant',
    content,
    thinking: thinking === '' ? undefined : thinking,
    tool_calls: calls.length === 0 ? undefined : calls,
  }
}

/** Texts and images are separate fields. A result may have images, too: the server reads them from every message. */
function encodeContent(
  message: Exclude<Message, AssistantMessage>,
  dropped: Dropped,
): { content: string; images: string[] | undefined } {
  const texts: string[] = []
  const images: string[] = []
  for (const part of partsOf<Exclude<Message, AssistantMessage>>(message)) {
    if (part.type === 'text') texts.push(part.text)
    else if (part.type === 'image') images.push(imageOf(part.url))
    else if (part.type === 'native') dropped.add(`native parts of ${part.dialect}`)
    else throw new ChatError('unsupported', 'documents are not taken: give their text')
  }
  return { content: texts.join('\n'), images: images.length > 0 ? images : undefined }
}

function imageOf(url: string): string {
  const data = readDataUrl(url)
  if (data === undefined) throw new ChatError('unsupported', 'images are taken as data: URLs only, not by address')
  return data.base64
}

/** Levels are for models that have them (gpt-oss); other models take any level as `true`. */
function encodeThinking(effort: ReasoningEffort, dropped: Dropped): unknown {
  if (effort === 'none') return false
  const level = NEAREST[effort] ?? effort
  if (level !== effort) dropped.add(`reasoning: '${effort}' sent as '${level}'`)
  return level
}

/** The levels that it refuses. @see https://docs.ollama.com/capabilities/thinking (2026-11-20) */
const NEAREST: Readonly<Partial<Record<ReasoningEffort, string>>> = { minimal: 'low', xhigh: 'high', max: 'high' }
