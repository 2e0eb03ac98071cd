import type { ChatEvent, ChatRequest, ChatResult, Message } from '../chat.ts'
import { checkOptions, must } from '../check/check.ts'
import { isRecord } from '../check/is-record.ts'
import { ChatError } from '../errors.ts'
import { decidedAtFirstRead, recoveriesOf } from '../layers/on-break.ts'
import { ownAttempts } from '../layers/own-attempts.ts'
import type { CallOptions, EmbedRequest, EmbedResult, OnBreak, Provider } from '../provider.ts'
import { totalUsage } from '../reading/add-usage.ts'
import { collect, toMessage } from '../reading/collect.ts'
import { runTools, type RunToolsOptions, type ToolRun } from '../tools/run-tools.ts'
import type { ToolRunEvent } from '../tools/tool-rounds.ts'
import { type Question, requestOf } from './question.ts'
import { type Snapshot, snapshotsOf } from './snapshots.ts'
import { steady, type SteadyOptions } from './steady.ts'
import { Typed, typedOf, type TypedOptions } from './typed.ts'
import { WholeAnswer } from './whole-answer.ts'

export interface ChatOptions extends SteadyOptions {
  /** The model of a question that names none. @default the first that the provider lists */
  model?: string | undefined
  /**
   * What happens when an answer breaks after its first content. @default `'restart'` while nothing of it has been delivered that
   * can't be taken back, else `'fail'`; what a group or `retry()` was told takes precedence over this default
   */
  onBreak?: CallOptions['onBreak']
}

/** The text of an answer, piece by piece. */
export interface TextStream extends AsyncIterable<string, undefined> {
  /**
   * The whole answer, when the iteration has ended; it rejects as the iteration does. Read before the iteration begins, it reads
   * the answer itself, and survives a break by a restart until the first piece is delivered.
   */
  readonly result: Promise<ChatResult>
}

export interface SnapshotOptions<T = unknown> extends CallOptions, Partial<TypedOptions<T>> {}

export interface ObjectOptions<T> extends CallOptions, TypedOptions<T> {
  /** How often the model is asked again, with what is wrong with its object. @default 0 */
  repairs?: number | undefined
}

export interface RunOptions<T = unknown> extends Omit<RunToolsOptions, 'request'>, Partial<TypedOptions<T>> {}

/** What came of a run of tools: its last answer, with the usage of all rounds. */
export interface RunResult<T = unknown> extends ChatResult {
  /** The conversation: that of the question, and every turn since. */
  readonly messages: readonly Message[]
  /** With a schema: the object that the last answer is. */
  readonly object?: T | undefined
}

/** The events of a run of tools. */
export interface Run<T = unknown> extends AsyncIterable<ToolRunEvent, undefined> {
  /** What came of it, when the iteration has ended; as {@link TextStream.result}. */
  readonly result: Promise<RunResult<T>>
}

/** The plain calls over a provider: functions that need no `this`. A caller's mistake is a `TypeError`, the world's failure a `ChatError`. */
export interface Chat {
  /** A whole answer. A break is survived: another attempt takes its place unseen. */
  readonly complete: (question: Question, options?: CallOptions) => Promise<ChatResult>
  /** The text of an answer, piece by piece. What was delivered is never taken back: after a break it can only go on or throw. */
  readonly text: (question: Question, options?: CallOptions) => TextStream
  /** The answer so far, again and again, for a page that draws it. A break is survived: what follows replaces what was drawn. */
  readonly snapshots: <T = unknown>(
    question: Question,
    options?: SnapshotOptions<T>,
  ) => AsyncIterable<Snapshot<T>, undefined>
  /** An object of a schema's type, validated. A break is survived. */
  readonly object: <T>(question: Question, options: ObjectOptions<T>) => Promise<ChatResult & { object: T }>
  /** An answer for which the model may call tools. */
  readonly run: <T = unknown>(question: Question, options: RunOptions<T>) => Run<T>
  /** Texts as vectors. */
  readonly embed: (request: EmbedRequest, options?: CallOptions) => Promise<EmbedResult>
}

const OPTIONS: Readonly<Record<keyof ChatOptions, true>> = { model: true, retry: true, deadlines: true, onBreak: true }

/**
 * The plain calls over any provider: an endpoint, a group, layers around one. A provider that is asked alone is asked at most
 * three times, before its first content or after a break; a group asks each of its members once.
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const { complete, text } = chat(lockchat())
 * console.log((await complete('Why is the sky blue?')).text)
 * for await (const piece of text('And the sea?')) process.stdout.write(piece)
 */
export function chat(provider: Provider, options: ChatOptions = {}): Chat {
  must(isRecord(provider) && 'stream' in provider, 'chat: the provider', 'one, as openai() gives', provider)
  const { id } = provider
  checkOptions('chat', options, OPTIONS)
  const { model, onBreak, ...steadiness } = options
  must(model === undefined || (typeof (model as unknown) === 'string' && model !== ''), 'chat: model', 'a name', model)
  recoveriesOf('chat', onBreak)
  const river = steady(provider, steadiness)
  const usual = model ?? provider.info.models[0]?.id

  const request = (question: Question): ChatRequest => requestOf(id, question, usual)
  const told = (call: CallOptions | undefined): CallOptions['onBreak'] =>
    call?.onBreak ?? onBreak ?? ownAttempts(provider)?.onBreak
  const unread = (call: CallOptions = {}): CallOptions => ({ ...call, onBreak: told(call) ?? 'restart' })
  /** Delivered text stays: it can only be continued. */
  const delivered = (call: CallOptions | undefined): OnBreak =>
    recoveriesOf(id, told(call)).includes('continue') ? 'continue' : 'fail'

  return {
    complete: async (question, call) => collect(river.stream(request(question), unread(call))),
    text: (question, call) => {
      const asked = request(question)
      return new WholeAnswer({
        name: 'text()',
        ask: (startsOver) => {
          const onBreak = (): CallOptions['onBreak'] => (startsOver() ? unread(call).onBreak : delivered(call))
          return river.stream(asked, decidedAtFirstRead({ ...call, onBreak: delivered(call) }, onBreak))
        },
        signal: call?.signal,
        pick: textOfEvent,
        takesBack: false,
        whole: (result) => result,
      })
    },
    snapshots: <T>(question: Question, given: SnapshotOptions<T> = {}) => {
      const { schema, parameters, name, ...call } = given
      const typed = typedOf<T>('snapshots', { schema, parameters, name })
      const asked = { ...request(question), ...(typed && { responseFormat: typed.format }) }
      return snapshotsOf(river.stream(asked, unread(call)), call.signal, typed)
    },
    object: async <T>(question: Question, given: ObjectOptions<T>) => {
      must(isRecord(given), 'object: options', 'an object with a schema', given)
      const { schema, parameters, name, repairs = 0, ...call } = given
      must(Number.isInteger(repairs) && repairs >= 0, 'object: repairs', 'a whole number', repairs)
      const typed = new Typed<T>('object', { schema, parameters, name })
      let asked: ChatRequest = { ...request(question), responseFormat: typed.format }
      const answers: ChatResult[] = []
      for (;;) {
        const answer = await collect(river.stream(asked, unread(call)))
        answers.push(answer)
        const usage = totalUsage(answers.map((each) => each.usage))
        const whole = { ...answer, ...(usage && { usage }) }
        try {
          return { ...whole, object: await typed.read(whole, call.signal) }
        } catch (error) {
          if (!(error instanceof ChatError) || !isRepairable(error, answer) || answers.length > repairs) throw error
          const { native: _, ...rest } = asked
          // Many endpoints refuse a turn without text.
          const turn = answer.text === '' ? [] : [toMessage(answer)]
          asked = { ...rest, messages: [...asked.messages, ...turn, { role: 'user', content: error.message }] }
        }
      }
    },
    run: <T>(question: Question, given: RunOptions<T>) => {
      must(isRecord(given), 'run: options', 'an object with tools', given)
      const { schema, parameters, name, ...options } = given
      const typed = typedOf<T>('run', { schema, parameters, name })
      const { tools, ...asked } = { ...request(question), ...(typed && { responseFormat: typed.format }) }
      must(tools === undefined, 'run: tools of the question', 'left out: those of a run are in its options', tools)
      const delivered = told(options) ?? 'fail'
      let run: ToolRun
      return new WholeAnswer({
        name: 'run()',
        ask: (startsOver) => {
          const onBreak = (): CallOptions['onBreak'] => (startsOver() ? unread(options).onBreak : delivered)
          const call = decidedAtFirstRead({ ...options, onBreak: delivered }, onBreak)
          return (run = runTools(river, { ...options, ...call, request: asked }))
        },
        signal: options.signal,
        pick: (event: ToolRunEvent) => event,
        takesBack: true,
        whole: async (result): Promise<RunResult<T>> => ({
          ...result,
          messages: run.messages,
          ...(typed && { object: await typed.read(result, options.signal) }),
        }),
      })
    },
    embed: async (texts, call) => {
      if (river.embed !== undefined) return river.embed(texts, call)
      throw new ChatError('unsupported', `${id}: it has no embeddings. Use a provider that has.`, { provider: id })
    },
  }
}

/** Whether the model can mend it: not its limit, and calls without results can't be sent back. */
const isRepairable = ({ code }: ChatError, { reason, toolCalls }: ChatResult): boolean =>
  code === 'malformed' && reason !== 'length' && toolCalls.length === 0

const textOfEvent = (event: ChatEvent): string | undefined => (event.type === 'text' ? event.text : undefined)
