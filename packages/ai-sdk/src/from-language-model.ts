import type { LanguageModelV4 } from '@ai-sdk/provider'
import {
  ChatError,
  type ChatRequest,
  type Deadlines,
  deadlines,
  pipe,
  type Provider,
  type ProviderInfo,
} from '@rivulet/core'
import {
  chatStream,
  checkCall,
  checkOptions,
  checkRequest,
  copyRequest,
  failedStream,
  isRecord,
  onlyExtra,
  settings,
} from '@rivulet/core/provider'
import { DIALECT } from './native.ts'
import { ModelAnswer } from './provider/model-answer.ts'
import { writeCall } from './provider/write-call.ts'

export interface FromLanguageModelOptions {
  /** A short and stable id. @default the model's `provider`, such as `'openai.responses'` */
  id?: string | undefined
  /** @default those of every provider */
  deadlines?: Deadlines | undefined
}

const OPTIONS: Readonly<Record<keyof FromLanguageModelOptions, true>> = { id: true, deadlines: true }

/** A model says only in its answer what it leaves out: nothing is refused beforehand. */
const ALL = settings({
  stream: undefined,
  temperature: undefined,
  topP: undefined,
  topK: undefined,
  maxTokens: undefined,
  stop: undefined,
  seed: undefined,
  presencePenalty: undefined,
  frequencyPenalty: undefined,
  tools: undefined,
  toolChoice: undefined,
  parallelToolCalls: undefined,
  responseFormat: undefined,
  reasoning: undefined,
})

/**
 * A model of the AI SDK 7 as a provider: a member for a group, under every layer. It answers as its model, whatever name a request
 * asks for. An `error` part, a finish that says `error` or `interrupted`, and an end without a finish are failures, with what had
 * come as `partial`. What the model leaves out of a request is in `dropped`; what the events have no word for are native parts of
 * the dialect `'ai-sdk'`. `extra` takes options under `'ai-sdk'`, as `providerOptions` are, or under the vendor's key.
 *
 * It has the deadlines of every provider, and makes no attempts of its own: `retry()` does.
 *
 * @throws TypeError for anything but a model of specification `v4`, and for an unknown option.
 * @example
 * import { openai as theirs } from '@ai-sdk/openai'
 * const river = failover([fromLanguageModel(theirs('gpt-6.1-terra')), provider])
 */
export function fromLanguageModel(model: LanguageModelV4, options: FromLanguageModelOptions = {}): Provider {
  checkModel('fromLanguageModel', model)
  checkOptions('fromLanguageModel', options, OPTIONS)
  const { id = model.provider } = options
  const { modelId } = model
  const vendor = model.provider.split('.')[0] ?? model.provider
  const extraKeys = [...new Set([id, vendor, DIALECT])]
  const info: ProviderInfo = {
    name: id,
    url: 'https://ai-sdk.dev/providers',
    auth: 'optional',
    streaming: true,
    models: [{ id: modelId }],
    settings: ALL,
    extraKeys,
  }
  // OpenAI's custom tools, which Azure has too.
  const hasTextTools = model.provider.endsWith('.responses')
  const provider: Provider = {
    id,
    info,
    stream(asked, call = {}) {
      checkCall(id, call)
      const copy: ChatRequest = copyRequest(asked)
      const { request } = checkRequest(info, copy, 'drop')
      const own = onlyExtra(id, request, extraKeys)
      const { signal } = call
      try {
        const written = writeCall(own, call, { id, modelId, vendor, hasTextTools })
        return chatStream(signal, () => new ModelAnswer({ ...written, model, request: own, signal, id, modelId }))
      } catch (error) {
        if (error instanceof ChatError) return failedStream(signal, error)
        throw error
      }
    },
  }
  return pipe(provider, deadlines(options.deadlines))
}

/** @throws TypeError for anything but a model of the current specification. */
export function checkModel(who: string, model: unknown): void {
  const version = isRecord(model) ? model.specificationVersion : undefined
  if (version === 'v4') return
  const got = typeof version === 'string' ? `one of specification ${version}` : 'no model'
  throw new TypeError(
    `${who}: the model must be one of the AI SDK 7, of specification v4, got ${got}. An older one becomes one by wrapLanguageModel({ model, middleware: [] }) of ai.`,
  )
}
