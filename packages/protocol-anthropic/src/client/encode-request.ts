import type { ChatRequest, ResponseFormat, ToolChoice } from '@rivulet/core'
import { type EncodedRequest, objectSchema } from '@rivulet/core/provider'
import { JSON_INSTRUCTION } from '../json-instruction.ts'
import type { MessagesModel } from '../thinking-styles.ts'
import { type Block, encodeMessages } from './encode-messages.ts'
import { hintSchema } from './hint-schema.ts'
import { encodeThinking, modelOf } from './thinking.ts'

export interface MessagesOptions {
  /** @default '/v1/messages' */
  path?: string | undefined
  /** Id of the provider: thoughts from turns of another `origin` are omitted. @default 'anthropic' */
  provider?: string | undefined
  /** Facts about the models. A model that is not listed thinks adaptively and has `max_tokens` 4096. @default none */
  models?: readonly MessagesModel[] | undefined
}

/**
 * A request as a Messages body. Fields have a fixed order, so that equal requests are equal bytes. System messages go to
 * `system` wherever they are in the conversation; consecutive turns of one role are merged; characters that the API
 * refuses in the id of a tool call become `_`, and a repeated id gets a number. Without tools there is no choice.
 *
 * @throws ChatError `unsupported` for a file of a type that the API does not take.
 */
export function encode(request: ChatRequest, options: MessagesOptions = {}): EncodedRequest {
  const { path = '/v1/messages', provider = 'anthropic', models = [] } = options
  const { system, turns } = encodeMessages(request.messages, provider)
  const { thinking, effort, maxTokens } = encodeThinking(request, modelOf(request.model, models))
  if (request.responseFormat === 'json') system.push({ type: 'text', text: JSON_INSTRUCTION })
  const format = encodeFormat(request.responseFormat)
  // Tools of the API's own are in `extra`.
  const hasNoTools = (request.tools ?? []).length === 0
  const hasNoChoice = hasNoTools && request.extra?.tools === undefined
  const body: Record<string, unknown> = {
    model: request.model,
    max_tokens: maxTokens,
    system: encodeSystem(system),
    messages: turns,
    stream: request.stream === false ? undefined : true,
    temperature: request.temperature,
    top_p: request.topP,
    stop_sequences: request.stop,
    tools: hasNoTools
      ? undefined
      : request.tools?.map(({ name, description, parameters }) => ({
          name,
          description,
          input_schema: objectSchema(parameters),
        })),
    tool_choice: hasNoChoice ? undefined : encodeToolChoice(request.toolChoice),
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
  if (typeof format !== 'object') return undefined
  return { type: 'json_schema', schema: format.strict === false ? hintSchema(format.schema) : format.schema }
}
