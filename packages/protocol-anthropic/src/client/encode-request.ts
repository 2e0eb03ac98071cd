import type { ChatRequest, ResponseFormat, ToolChoice } from '@rivulet/core'
import type { EncodedRequest } from '@rivulet/core/provider'
import { encodeThinking, type MessagesModel, modelOf } from './thinking.ts'
import { type Block, encodeConversation } from './turns.ts'

export interface MessagesOptions {
  /** @default '/v1/messages' */
  path?: string
  /** Id of the provider: thoughts of turns that another wrote (`origin`) are left out. @default 'anthropic' */
  provider?: string
  /** What is known of the models. One that is not named thinks adaptively and has `max_tokens` 4096. @default none */
  models?: readonly MessagesModel[]
}

/** The API has a format for JSON of a schema only: any JSON is asked for in words, as the last instruction. */
export const ANY_JSON = 'Answer with JSON only: no words around it, no code fence.'

/**
 * A request as a Messages body. Fields stand in a fixed order, so that equal requests are equal bytes. Instructions stand
 * in `system` wherever they stood in the conversation; turns of one role are merged; ids of tool calls that the API would
 * refuse are spelt with `_`.
 *
 * @throws TypeError when the arguments of a tool call in the conversation are not a JSON object.
 */
export function encode(request: ChatRequest, options: MessagesOptions = {}): EncodedRequest {
  const { path = '/v1/messages', provider = 'anthropic', models = [] } = options
  const { system, turns } = encodeConversation(request.messages, provider)
  const { thinking, effort, maxTokens } = encodeThinking(request, modelOf(request.model, models))
  if (request.responseFormat === 'json') system.push({ type: 'text', text: ANY_JSON })
  const format = encodeFormat(request.responseFormat)
  const body: Record<string, unknown> = {
    model: request.model,
    max_tokens: maxTokens,
    system: encodeSystem(system),
    messages: turns,
    stream: request.stream === false ? undefined : true,
    temperature: request.temperature,
    top_p: request.topP,
    stop_sequences: request.stop,
    tools: request.tools?.map(({ name, description, parameters }) => ({
      name,
      description,
      input_schema: parameters ?? { type: 'object', properties: {} },
    })),
    tool_choice: encodeToolChoice(request.toolChoice),
    thinking,
    output_config: effort === undefined && format === undefined ? undefined : { effort, format },
    ...request.extra,
  }
  return { path, body }
}

function encodeSystem(blocks: Block[]): string | Block[] | undefined {
  const [only] = blocks
  if (only === undefined) return undefined
  return blocks.length === 1 && only.cache_control === undefined ? String(only.text) : blocks
}

function encodeToolChoice(choice: ToolChoice | undefined): unknown {
  if (typeof choice === 'object') return { type: 'tool', name: choice.name }
  return choice === undefined ? undefined : { type: choice === 'required' ? 'any' : choice }
}

function encodeFormat(format: ResponseFormat | undefined): unknown {
  return typeof format === 'object' ? { type: 'json_schema', schema: format.schema } : undefined
}
