import type { FinishReason, Usage } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** The fields of a request that a response repeats, and what they are without the request. */
const ECHOED: Readonly<Record<string, unknown>> = {
  access_programs: null,
  background: false,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: 'default',
  store: false,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
  user: null,
}

/** Writes the response object of one answer, which several events carry. */
export class ResponseObject {
  id: string
  created: number
  model: string
  /** Members of a JSON object: tools and instructions are long, and written three times. */
  readonly #echo: string

  constructor({ id, created, model }: { id: string; created: number; model: string }, body: Record<string, unknown>) {
    this.id = id
    this.created = created
    this.model = model
    const echoed = Object.entries(ECHOED).map(([name, usual]) => [name, body[name] ?? usual])
    const { tools } = body
    this.#echo = JSON.stringify({
      ...Object.fromEntries(echoed),
      ...(Array.isArray(tools) && { tools: tools.map(echoedTool) }),
      // Nothing is stored, whatever the request asks for.
      store: false,
    }).slice(1, -1)
  }

  /** @param output The items, as JSON. */
  json(state: ResponseState, output: readonly string[] = [], usage?: Usage): string {
    const { status, details = null, error = null } = state
    const about = {
      id: this.id,
      object: 'response',
      created_at: this.created,
      status,
      error,
      incomplete_details: details,
      model: this.model,
      usage: usage === undefined ? null : writeUsage(usage),
    }
    return `${JSON.stringify(about).slice(0, -1)},"output":[${output.join(',')}],${this.#echo}}`
  }
}

/** Clients find in a function what its request may leave out. */
const echoedTool = (tool: unknown): unknown =>
  isRecord(tool) && tool.type === 'function' ? { parameters: null, strict: null, ...tool } : tool

export interface ResponseState {
  status: 'in_progress' | 'completed' | 'incomplete' | 'failed'
  details?: { reason: string }
  error?: { code: string; message: string; type: string }
}

const INCOMPLETE: Readonly<Partial<Record<FinishReason, string>>> = {
  length: 'max_output_tokens',
  'content-filter': 'content_filter',
}

/** How a response ends. The dialect has no word for any other reason: to its clients it is an end. */
export function stateOf(reason: FinishReason): ResponseState {
  const incomplete = INCOMPLETE[reason]
  return incomplete === undefined ? { status: 'completed' } : { status: 'incomplete', details: { reason: incomplete } }
}

function writeUsage({ inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens }: Usage): object {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedTokens ?? 0, cache_write_tokens: cacheWriteTokens ?? 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens ?? 0 },
    total_tokens: inputTokens + outputTokens,
  }
}
