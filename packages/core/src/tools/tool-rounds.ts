import { ChildAbort } from '../async/child-abort.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import type { ChatEvent, ChatResult, Message, ToolCallPart, Usage } from '../chat.ts'
import { ChatError } from '../errors.ts'
import { addUsage } from '../reading/add-usage.ts'
import { toMessage } from '../reading/collect.ts'
import { Collector } from '../reading/collector.ts'
import { type Batches, batchesOf, DONE } from '../stream.ts'
import { runTool, type ToolResult } from './run-tool.ts'
import type { RunnableTool } from './tool.ts'

/** An event of an answer, or the result of a tool call. */
export type ToolRunEvent = ChatEvent | ToolResult

export interface ToolRunPlan {
  providerId: string
  /** The first answer; its call has been checked already. */
  first: AsyncIterable<ChatEvent>
  /** Asks again, with the conversation as it is by then. */
  ask: () => AsyncIterable<ChatEvent>
  tools: ReadonlyMap<string, RunnableTool>
  /** Grows by every complete turn. */
  messages: Message[]
  maxRounds: number
  maxParallel: number
  signal: AbortSignal | undefined
}

/** The rounds of a tool run, in batches: an answer, the results of its calls, the next answer. */
export class ToolRounds implements Batches<ToolRunEvent> {
  readonly #plan: ToolRunPlan
  /** Also aborts the tools when the reader closes the run. */
  readonly #abort = new ChildAbort()
  #answer: Batches | undefined
  #collector = new Collector()
  /** The results of this turn's calls, in the order of the calls, until all of them have been delivered. */
  #results: readonly Promise<ToolResult>[] = []
  #delivered = 0
  /** The turn that calls tools, and their results: part of the conversation once all of them have come. */
  #turn: Message[] = []
  #round = 1
  #usage: Usage | undefined
  /** Why the run ends after the events that came before it. */
  #failure: ChatError | undefined
  /** The model has answered without a call. */
  #complete = false
  #closed = false

  constructor(plan: ToolRunPlan) {
    this.#plan = plan
    this.#abort.follow(plan.signal)
  }

  async next(): Promise<IteratorResult<readonly ToolRunEvent[], undefined>> {
    try {
      while (!this.#closed && !this.#complete) {
        if (this.#failure !== undefined) throw this.#failure
        const events = this.#results.length > 0 ? [await this.#nextResult()] : await this.#readAnswer()
        if (!this.#isClosed() && events.length > 0) return { done: false, value: events }
      }
      return DONE
    } catch (error) {
      if (this.#isClosed()) return DONE
      this.close()
      throw error
    }
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#answer?.close()
    this.#abort.abort(this.#plan.signal?.reason)
  }

  /** A method, because the compiler assumes that a field keeps its value across an `await`. */
  #isClosed(): boolean {
    return this.#closed
  }

  async #nextResult(): Promise<ToolResult> {
    const next = this.#results[this.#delivered] ?? Promise.reject(new Error('no result'))
    const result = await unlessAborted(next, this.#abort.signal)
    this.#delivered++
    const { id: toolCallId, content, isError } = result
    this.#turn.push({ role: 'tool', toolCallId, content, ...(isError && { isError }) })
    if (this.#delivered === this.#results.length) {
      // One by one: there may be more than a call takes as arguments.
      for (const message of this.#turn) this.#plan.messages.push(message)
      this.#results = []
      this.#delivered = 0
    }
    return result
  }

  async #readAnswer(): Promise<readonly ToolRunEvent[]> {
    const { first, ask, signal } = this.#plan
    this.#answer ??= batchesOf(this.#round === 1 ? first : ask(), signal)
    const { done, value: events } = await this.#answer.next()
    if (done === true) return []
    for (const event of events) this.#collector.add(event)
    const last = events.at(-1)
    if (last?.type !== 'finish') return events
    return [...events.slice(0, -1), ...this.#endAnswer(last)]
  }

  /** The end of an answer: that of the run too, unless tools are called. */
  #endAnswer(finish: Extract<ChatEvent, { type: 'finish' }>): readonly ToolRunEvent[] {
    const { messages, maxRounds, maxParallel, tools, providerId } = this.#plan
    this.#answer?.close()
    this.#answer = undefined
    const result = this.#collector.result()
    this.#collector = new Collector()
    this.#usage = addUsage(this.#usage, finish.usage)
    const { toolCalls } = result
    // The calls of an answer that was cut at its length limit may be incomplete: do not run them.
    if (toolCalls.length === 0 || finish.reason === 'length') {
      pushWithoutCalls(messages, result)
      this.#complete = true
      // The caller's signal may live as long as the process.
      this.#abort.release()
      return [{ ...finish, ...(this.#usage !== undefined && { usage: this.#usage }) }]
    }
    if (this.#round === maxRounds) {
      pushWithoutCalls(messages, result)
      const message = `${providerId}: the model still calls tools in round ${maxRounds} (maxRounds)`
      this.#failure = new ChatError('exhausted', message, { provider: providerId, partial: result })
      return []
    }
    this.#round++
    this.#turn = [toMessage(result)]
    const run = (call: ToolCallPart): Promise<ToolResult> => runTool(tools, call, this.#abort.signal)
    this.#results = inParallel(toolCalls, maxParallel, run)
    return []
  }
}

/** The turn as far as the conversation can go on from it: calls without results would be refused by every endpoint. */
function pushWithoutCalls(messages: Message[], result: ChatResult): void {
  const isCalling = result.toolCalls.length > 0
  // Signed reasoning belongs to the calls that follow it.
  const content = result.content.filter(({ type }) => !isCalling || type === 'text')
  if (content.length > 0 || !isCalling) messages.push(toMessage({ ...result, content }))
}

/** Runs at most `max` at a time. The promises are in the order of the items. */
function inParallel<Item, Result>(
  items: readonly Item[],
  max: number,
  run: (item: Item) => Promise<Result>,
): Promise<Result>[] {
  const results: Promise<Result>[] = []
  for (const [index, item] of items.entries()) {
    const before = results[index - max]
    results.push(before === undefined ? run(item) : before.then(() => run(item)))
  }
  return results
}
