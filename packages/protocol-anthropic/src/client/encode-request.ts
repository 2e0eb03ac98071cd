import type { ChatRequest } from '@rivulet/core'
import { Dropped, type EncodedRequest, extraFields } from '@rivulet/core/provider'
import { type Block, DIALECT } from '../dialect.ts'
import { JSON_INSTRUCTION } from '../json-instruction.ts'
import type { MessagesModel } from '../thinking-styles.ts'
import { limitMarks } from './cache-marks.ts'
import { encodeMessages, simplest } from './encode-messages.ts'
import { encodeFormat, encodeToolChoice, encodeTools } from './encode-tools.ts'
import { encodeThinking, modelOf } from './thinking.ts'

export interface MessagesOptions {
  /** @default '/v1/messages' */
  path?: string | undefined
  /** Id of the provider: thoughts from turns of another `origin` are left out. @default 'anthropic' */
  provider?: string | undefined
  /** Facts about the models. A model that is not listed thinks adaptively and has `max_tokens` 4096. @default none */
  models?: readonly MessagesModel[] | undefined
}

/**
 * A request as a Messages body. Fields have a fixed order, so that equal requests are equal bytes. System messages go to
 * `system` wherever they are in the conversation; consecutive turns of one role are merged; characters that the API
 * refuses in the id of a tool call become `_`, and a repeated id gets a number. Without tools, the choice is left out.
 *
 * @throws ChatError `unsupported` for a file of a type that the API does not take, a tool of another dialect, a strict schema
 *   that the API does not hold an answer to, and a forced tool where the model can't be forced.
 */
export function encode(
  request: ChatRequest,
  options: MessagesOptions = {},
  dropped: Dropped = new Dropped(),
): EncodedRequest {
  const { path = '/v1/messages', provider = 'anthropic', models = [] } = options
  const model = modelOf(request.model, models)
  const { system, turns } = encodeMessages(request.messages, { provider, model: request.model }, dropped)
  const { thinking, effort, maxTokens } = encodeThinking(request, model, dropped)
  if (request.responseFormat === 'json') system.push({ type: 'text', text: JSON_INSTRUCTION })
  const format = encodeFormat(request.responseFormat, dropped)
  const tools = encodeTools(request.tools, dropped)
  limitMarks(
    tools,
    system,
    turns.flatMap(({ blocks }) => blocks),
    dropped,
  )
  const extra = extraFields(request, DIALECT)
  const hasTools = tools.length > 0 || extra.tools !== undefined
  const body: Record<string, unknown> = {
    model: request.model,
    max_tokens: maxTokens,
    system: encodeSystem(system),
    messages: turns.map(({ role, blocks }) => ({ role, content: simplest(blocks) })),
    stream: request.stream === false ? undefined : true,
    temperature: encodeTemperature(request.temperature, dropped),
    top_p: request.topP,
    top_k: request.topK,
    stop_sequences: request.stop,
    tools: tools.length === 0 ? undefined : tools,
    tool_choice: hasTools ? encodeToolChoice(request, model) : undefined,
    thinking,
    output_config: effort === undefined && format === undefined ? undefined : { effort, format },
    ...extra,
  }
  return { path, body }
}

/** The scale of the API ends at 1, and other vendors' at 2. */
function encodeTemperature(temperature: number | undefined, dropped: Dropped): number | undefined {
  if (temperature === undefined || temperature <= 1) return temperature
  dropped.add(`temperature: ${temperature} sent as 1`)
  return 1
}

const encodeSystem = (blocks: Block[]): string | Block[] | undefined =>
  blocks.length === 0 ? undefined : simplest(blocks)
