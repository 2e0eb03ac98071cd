import type { ChatEvent, ChatRequest, Message, ToolCall, Usage } from '../chat.ts'
import { checkOptions, nameOf } from '../check/check.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import { CALL_OPTIONS } from '../check/check-request.ts'
import { addUsage } from '../reading/add-usage.ts'
import { ChildAbort } from '../async/child-abort.ts'
import { Collector, toMessage } from '../reading/collect.ts'
import { ChatError } from '../errors.ts'
import type { CallOptions, Provider } from '../provider.ts'
import { didYouMean } from '../check/suggest.ts'
import { argumentsOf, BadArguments, type RunnableTool, toolFor } from './tool.ts'

export interface RunToolsOptions extends CallOptions {
  /** The conversation so far; its `tools` are those of this run. */
  request: Omit<ChatRequest, 'tools'>
  // Each tool has arguments of its own type: there is no one type for all of them but this.
  tools: readonly RunnableTool[]
  /** How often the model is asked, the first time included. @default 10 */
  maxRounds?: number | undefined
}

/** An event of an answer, or what a tool gave. */
export type ToolRunEvent =
  | ChatEvent
  /** What went back to the model for call `id`. */
  | { type: 'tool-result'; id: string; name: string; content: string; isError: boolean }

/** A run: its events, and the conversation as it grows. */
export interface ToolRun extends AsyncIterable<ToolRunEvent, undefined> {
  /** The conversation: what was asked, and every turn that is whole by now. Go on from it. */
  readonly messages: readonly Message[]
}

/**
 * Asks, runs the tools that the model calls, those of one turn side by side, and asks again with what they gave, until the
 * model answers without a call. All that happens is an event: each round begins with its own `start`, each call is followed
 * by its `tool-result`; there is one `finish`, last, with the usage of all rounds.
 *
 * A tool that throws, arguments that will not do, and a tool that there is not, are told to the model and not to you.
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
    throw new TypeError(`runTools: maxRounds must be a whole number above 0, got ${nameOf(maxRounds)}.`)
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
  const told = tools.map(toolFor)
  const ask = (signal: AbortSignal | undefined): AsyncIterable<ChatEvent> =>
    provider.stream({ ...request, messages: [...messages], tools: told }, { ...call, ...(signal && { signal }) })
  // Made here, so that the caller's mistakes are thrown at the call; nothing is sent before the first read.
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
  // Ends the tools too when the reader leaves in the middle of a round.
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
        throw new ChatError('truncated', `${run.provider.id}: the stream ended without a finish`, { partial: result })
      }
      // Calls in an answer that was cut for its length are not whole: nobody should run them.
      if (result.toolCalls.length === 0 || finish.reason === 'length') {
        yield { ...finish, ...(usage !== undefined && { usage }) }
        return undefined
      }
      if (round === maxRounds) {
        const message = `${run.provider.id}: the model still calls tools in round ${round} (maxRounds)`
        throw new ChatError('exhausted', message, { provider: run.provider.id, partial: result })
      }
      const given = result.toolCalls.map((toolCall) => runTool(byName, toolCall, abort.signal))
      for (const giving of given) {
        const told = await unlessAborted(giving, call.signal)
        const { id: toolCallId, content, isError } = told
        messages.push({ role: 'tool', toolCallId, content, ...(isError && { isError }) })
        yield told
      }
    }
  } finally {
    abort.abort(call.signal?.reason)
  }
}

/** `undefined` for what JSON has no word for, which the type of `JSON.stringify` does not say. */
function jsonOf(value: unknown): string | undefined {
  return JSON.stringify(value)
}

type ToolResult = Extract<ToolRunEvent, { type: 'tool-result' }>

/** Never rejects: what goes wrong in a tool is for the model to know. */
async function runTool(byName: Run['byName'], { id, name, json }: ToolCall, signal: AbortSignal): Promise<ToolResult> {
  const told = (content: string, isError: boolean): ToolResult => ({ type: 'tool-result', id, name, content, isError })
  const tool = byName.get(name)
  if (tool === undefined) {
    const names = [...byName.keys()]
    return told(`There is no tool "${name}".${didYouMean(name, names)} Tools: ${names.join(', ')}.`, true)
  }
  try {
    // What its schema has let through is what it takes.
    const given: unknown = await tool.run((await argumentsOf(tool, json)) as never, { signal, id })
    return told(typeof given === 'string' ? given : (jsonOf(given) ?? 'done'), false)
  } catch (error) {
    if (error instanceof BadArguments) return told(`The arguments will not do: ${error.message}.`, true)
    return told(`The tool failed: ${error instanceof Error ? error.message : String(error)}`, true)
  }
}
