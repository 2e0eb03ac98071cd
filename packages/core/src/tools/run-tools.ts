import type { ChatRequest, Message } from '../chat.ts'
import { CALL_OPTIONS } from '../check/check-request.ts'
import { checkOptions, must } from '../check/check.ts'
import { checkTools } from '../check/check-tools.ts'
import { isRecord } from '../check/is-record.ts'
import { copyRequest } from '../check/copy-request.ts'
import type { CallOptions, Provider } from '../provider.ts'
import { trustedStream } from '../stream.ts'
import { streamOf } from '../stream-of.ts'
import { ToolRounds, type ToolRunEvent } from './tool-rounds.ts'
import { type RunnableTool, toolForModel } from './tool.ts'

export interface RunToolsOptions extends CallOptions {
  /** The conversation so far; its `tools` are those of this run. */
  request: Omit<ChatRequest, 'tools'>
  /** What the model may call, each with the function that runs it. */
  // Each tool has arguments of its own type: there is no one type for all of them but this.
  tools: readonly RunnableTool[]
  /** How many times the model is asked, the first included. @default 10 */
  maxRounds?: number | undefined
  /** How many tools run at the same time; the calls of a turn beyond them wait. @default 16 */
  maxParallel?: number | undefined
}

/** A run of {@link runTools}: its events, and the growing conversation. */
export interface ToolRun extends AsyncIterable<ToolRunEvent, undefined> {
  /** The conversation so far: the request's messages and every complete turn since. Send it with the next request. */
  readonly messages: readonly Message[]
}

/**
 * Sends the request, runs the tools that the model calls, those of one turn concurrently, and sends their results back, until
 * the model answers without a call. Everything is an event: each round begins with its own `start`, each call is followed by
 * its `tool-result`; there is one `finish`, last, with the usage of all rounds.
 *
 * A tool that throws, invalid arguments and an unknown tool are reported to the model, which may correct its call.
 *
 * @throws ChatError `exhausted` when the model still calls tools in the last round; what the provider throws; the signal's
 *   reason.
 * @example
 * const run = runTools(provider, {
 *   request: { model: 'gpt-4', messages: [{ role: 'user', content: 'How warm is it in Ulm?' }] },
 *   tools: [{ name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } }, run: weatherIn }],
 * })
 * for await (const event of run) if (event.type === 'text') process.stdout.write(event.text)
 */
export function runTools(provider: Provider, options: RunToolsOptions): ToolRun {
  checkOptions('runTools', options, OPTIONS)
  const { request, tools, maxRounds = 10, maxParallel = 16, ...call } = options
  for (const [name, count] of Object.entries({ maxRounds, maxParallel })) {
    must(Number.isInteger(count) && count > 0, `runTools: ${name}`, 'a whole number above 0', count)
  }
  must(isRecord(request) && Array.isArray(request.messages), 'runTools: request', 'a request with messages', request)
  const isArray: boolean = Array.isArray(tools)
  must(isArray, 'runTools: tools', 'an array of tools', tools)
  checkTools('runTools', tools)
  must(isRecord(provider) && 'stream' in provider, 'runTools: the provider', 'one, as openai() gives', provider)
  const byName = new Map<string, RunnableTool>()
  for (const tool of tools) {
    if (typeof (tool.run as unknown) !== 'function') {
      throw new TypeError(`runTools: tool "${tool.name}" has no run function.`)
    }
    if (byName.has(tool.name)) throw new TypeError(`runTools: two tools are named "${tool.name}".`)
    byName.set(tool.name, tool)
  }
  // A request as it came over the wire has neither the tools nor the turns of this run.
  const { messages: history, native: _native, ...settings } = copyRequest(request)
  const messages = [...history]
  const toolsForModel = tools.map(toolForModel)
  const ask = () => streamOf(provider, { ...settings, messages: [...messages], tools: toolsForModel }, call)
  const { signal } = call
  // Called here, so that the caller's mistakes are thrown at the call; nothing is sent before the first read.
  const first = ask()
  const plan = { providerId: provider.id, first, ask, tools: byName, messages, maxRounds, maxParallel, signal }
  const stream = trustedStream(signal, () => new ToolRounds(plan))
  return Object.assign(stream, { messages })
}

const OPTIONS: Readonly<Record<keyof RunToolsOptions, unknown>> = {
  request: true,
  tools: true,
  maxRounds: true,
  maxParallel: true,
  ...CALL_OPTIONS,
}
