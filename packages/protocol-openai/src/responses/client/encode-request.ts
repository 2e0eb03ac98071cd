import type { AssistantMessage, ChatRequest, Message, Part, Thought, Tool } from '@rivulet/core'
import { type EncodedRequest, objectSchema } from '@rivulet/core/provider'
import { encodeArguments } from '../../client/encode-arguments.ts'
import { fileName, mediaUrl } from '../../client/media-url.ts'
import { cutToolId } from '../../client/short-tool-id.ts'
import type { ResponsesOptions } from '../options.ts'

type Wire = Record<string, unknown>

/** The API refuses a longer id of a call. */
const MAX_ID_LENGTH = 64

/** A request as a body of the Responses dialect. Fields have a fixed order, so that equal requests are equal bytes. */
export function encode(request: ChatRequest, options: ResponsesOptions = {}): EncodedRequest {
  const { reasoning: effort } = request
  const thinks = options.thinks?.(request.model) === true || (effort !== undefined && effort !== 'none')
  // An empty list is refused, and so is a choice without tools. Tools of the API's own are in `extra`.
  const hasNoTools = (request.tools ?? []).length === 0
  const hasNoChoice = hasNoTools && request.extra?.tools === undefined
  const body: Wire = {
    model: request.model,
    input: request.messages.flatMap((message) => encodeMessage(message, options)),
    stream: request.stream === false ? undefined : true,
    store: false,
    temperature: request.temperature,
    top_p: request.topP,
    max_output_tokens: request.maxTokens,
    tools: hasNoTools ? undefined : request.tools?.map(encodeTool),
    tool_choice: hasNoChoice ? undefined : encodeToolChoice(request.toolChoice),
    text: encodeFormat(request.responseFormat),
    reasoning: encodeReasoning(effort, thinks ? options.reasoningSummary : undefined),
    include: thinks ? ['reasoning.encrypted_content'] : undefined,
    ...request.extra,
  }
  return { path: options.path ?? '/responses', body }
}

const encodeTool = ({ name, description, parameters }: Tool): Wire => ({
  type: 'function',
  name,
  description,
  parameters: objectSchema(parameters),
  // The default here is true, which refuses a schema that is not in the strict form.
  strict: false,
})

const encodeToolChoice = (choice: ChatRequest['toolChoice']): unknown =>
  typeof choice === 'object' ? { type: 'function', ...choice } : choice

function encodeMessage(message: Message, options: ResponsesOptions): Wire[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content }]
    case 'user':
      return [
        {
          role: 'user',
          content:
            typeof message.content === 'string'
              ? message.content
              : message.content.map((part) => encodePart(part, options)),
        },
      ]
    case 'assistant':
      return encodeAssistant(message, options.origin)
    case 'tool':
      return [
        {
          type: 'function_call_output',
          call_id: cutToolId(message.toolCallId, MAX_ID_LENGTH),
          output: message.content,
        },
      ]
  }
}

/** Reasoning items come before the content and the calls that they led to. */
function encodeAssistant(message: AssistantMessage, origin: string | undefined): Wire[] {
  const own = origin !== undefined && message.origin === origin ? (message.thoughts ?? []) : []
  return [
    ...own.flatMap(encodeThought),
    ...(message.content.trim() === '' && message.toolCalls !== undefined && message.toolCalls.length > 0
      ? []
      : [{ role: 'assistant', content: message.content }]),
    ...(message.toolCalls ?? []).map((call) => ({
      type: 'function_call',
      call_id: cutToolId(call.id, MAX_ID_LENGTH),
      name: call.name,
      arguments: encodeArguments(call),
    })),
  ]
}

/** The signature is the id of the item. A thought without a seal is omitted: the endpoint stored nothing to continue from. */
function encodeThought({ text, signature, sealed }: Thought): Wire[] {
  if (sealed === undefined) return []
  const summary = text === '' ? [] : [{ type: 'summary_text', text }]
  return [{ type: 'reasoning', ...(signature !== undefined && { id: signature }), summary, encrypted_content: sealed }]
}

function encodePart(part: Part, { imageTypes, fileTypes }: ResponsesOptions): Wire {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text }
    case 'image':
      return { type: 'input_image', image_url: mediaUrl(part.url, 'images', imageTypes), detail: 'auto' }
    case 'file': {
      const url = mediaUrl(part.url, 'files', fileTypes)
      return url.startsWith('data:')
        ? { type: 'input_file', filename: part.name ?? fileName(url), file_data: url }
        : { type: 'input_file', file_url: url }
    }
  }
}

function encodeFormat(format: ChatRequest['responseFormat']): Wire | undefined {
  if (format === undefined || format === 'text') return undefined
  if (format === 'json') return { format: { type: 'json_object' } }
  const { name, schema, strict = true } = format
  return { format: { type: 'json_schema', name, schema, strict } }
}

function encodeReasoning(
  effort: ChatRequest['reasoning'],
  summary: ResponsesOptions['reasoningSummary'],
): Wire | undefined {
  if (effort === undefined && summary === undefined) return undefined
  return { ...(effort !== undefined && { effort }), ...(summary !== undefined && { summary }) }
}
