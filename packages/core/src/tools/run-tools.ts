import type { ChatEvent, ChatRequest, Message, ToolCall, Usage } from '../chat.ts'
import { checkOptions, kindOf } from '../check/check.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import { CALL_OPTIONS } from '../check/check-request.ts'
import { addUsage } from '../reading/add-usage.ts'
import { ChildAbort } from '../async/child-abort.ts'
import { Collector, toMessage } from '../reading/collect.ts'
import { ChatError } from '../errors.ts'
import type { CallOptions, Provider } from '../provider.ts'
import { didYouMean } from '../check/suggest.ts'
import { argumentsOf, InvalidArguments, type RunnableTool, toolForModel } from './tool.ts'

export interface RunToolsOptions extends CallOptions {
  /** The request with the conversation so far, without `tools`. */
  request: Omit<ChatRequest, 'tools'>
  /** The tools that the model may call. Their names must differ. */
  // Each tool has its own type of arguments, so the list's type names none.
  tools: readonly RunnableTool[]
  /** The most requests to the model, including the first. @default 10 */
  maxRounds?: number | undefined
}

/** An event of an answer, or the result of a tool. */
export type ToolRunEvent =
  | ChatEvent
  /** The result that is sent back to the model for call `id`. */
  | { type: 'tool-result'; id: string; name: string; content: string; isError: boolean }

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
  const { request, tools, maxRounds = 10, ...call } = options
  checkOptions('runTools', options, OPTIONS)
  if (!Number.isInteger(maxRounds) || maxRounds < 1) {
    throw new TypeError(`runTools: maxRounds must be a whole number above 0, got ${kindOf(maxRounds)}.`)
  }
  const byName = new Map<string, RunnableTool>()
  for (const tool of tools) {
    if (typeof (tool.run as unknown) !== 'function') {
      throw new TypeError(`runTools: tool "${tool.name}" has no run function.`)
    }
    if (byName.has(tool.name)) throw new TypeError(`runTools: two tools are named "${tool.name}".`)
    byName.set(tool.name, tool)
  }
  const messages = [...request.messages]
  const toolsForModel = tools.map(toolForModel)
  const ask = (signal: AbortSignal | undefined): AsyncIterable<ChatEvent> =>
    provider.stream(
      { ...request, messages: [...messages], tools: toolsForModel },
      { ...call, ...(signal && { signal }) },
    )
  // Called here, so that the caller's mistakes are thrown at the call; nothing is sent before the first read.
  const first = ask(call.signal)
  return {
    messages,
    [Symbol.asyncIterator]: () => rounds({ provider, first, ask, byName, messages, maxRounds, call }),
  }
}

const OPTIONS: Readonly<Record<keyof RunToolsOptions, true>> = {
  request: true,
  tools: true,
  maxRounds: true,
  ...CALL_OPTIONS,
}

interface Run {
  provider: Provider
  first: AsyncIterable<ChatEvent>
  ask: (signal: AbortSignal | undefined) => AsyncIterable<ChatEvent>
  byName: ReadonlyMap<string, RunnableTool>
  messages: Message[]
  maxRounds: number
  call: CallOptions
}

async function* rounds(run: Run): AsyncGenerator<ToolRunEvent, undefined> {
  const { byName, messages, maxRounds, call } = run
  let usage: Usage | undefined
  // Also aborts the tools when the reader closes the stream in the middle of a round.
  const abort = new ChildAbort().follow(call.signal)
  try {
    for (let round = 1; ; round++) {
      const collector = new Collector()
      let finish: Extract<ChatEvent, { type: 'finish' }> | undefined
      for await (const event of round === 1 ? run.first : run.ask(call.signal)) {
        collector.add(event)
        if (event.type === 'finish') finish = event
        else yield event
      }
      const result = collector.result()
      messages.push(toMessage(result))
      usage = addUsage(usage, finish?.usage)
      if (finish === undefined) {
        throw new ChatError('truncated', `${run.provider.id}: the stream ended without a finish event`, {
          partial: result,
        })
      }
      // The calls of an answer that was cut at its length limit may be incomplete: do not run them.
      if (result.toolCalls.length === 0 || finish.reason === 'length') {
        yield { ...finish, ...(usage !== undefined && { usage }) }
        return undefined
      }
      if (round === maxRounds) {
        const message = `${run.provider.id}: the model still calls tools in round ${round} (maxRounds)`
        throw new ChatError('exhausted', message, { provider: run.provider.id, partial: result })
      }
      const pending = result.toolCalls.map((toolCall) => runTool(byName, toolCall, abort.signal))
      for (const promise of pending) {
        const toolResult = await unlessAborted(promise, call.signal)
        const { id: toolCallId, content, isError } = toolResult
        messages.push({ role: 'tool', toolCallId, content, ...(isError && { isError }) })
        yield toolResult
      }
    }
  } finally {
    abort.abort(call.signal?.reason)
  }
}

/** `undefined` for a value that JSON can't express, which the type of `JSON.stringify` does not say. */
function jsonOf(value: unknown): string | undefined {
  return JSON.stringify(value)
}

type ToolResult = Extract<ToolRunEvent, { type: 'tool-result' }>

/** Never rejects: a tool's failure is reported to the model. */
async function runTool(byName: Run['byName'], { id, name, json }: ToolCall, signal: AbortSignal): Promise<ToolResult> {
  const resultOf = (content: string, isError: boolean): ToolResult => ({
    type: 'tool-result',
    id,
    name,
    content,
    isError,
  })
  const tool = byName.get(name)
  if (tool === undefined) {
    const names = [...byName.keys()]
    return resultOf(`There is no tool "${name}".${didYouMean(name, names)} Tools: ${names.join(', ')}.`, true)
  }
  try {
    // Its schema has accepted these arguments.
    const value: unknown = await tool.run((await argumentsOf(tool, json)) as never, { signal, id })
    return resultOf(typeof value === 'string' ? value : (jsonOf(value) ?? 'done'), false)
  } catch (error) {
    if (error instanceof InvalidArguments) return resultOf(`Invalid arguments: ${error.message}.`, true)
    return resultOf(`The tool failed: ${error instanceof Error ? error.message : String(error)}`, true)
  }
}
