import type { Model } from '@rivulet/core'
import { unlessAborted } from '@rivulet/core/provider'
import { type Call, sendJson } from '../call.ts'
import { Refused } from '../request/refused.ts'

/**
 * `GET /v1/models`, as the clients of all dialects read it at once: OpenAI's and Anthropic's `data`, and the `models` of Codex and
 * of Gemini's client, which asks here too.
 */
export async function answerModels(call: Call): Promise<void> {
  const models = await modelsFor(call)
  sendJson(call, {
    object: 'list',
    data: models.map(modelObject),
    models: models.map((model) => ({ slug: model.id, display_name: model.name ?? model.id, ...geminiObject(model) })),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  })
}

/** `GET /v1/models/{id}` */
export async function answerModel(call: Call): Promise<void> {
  const model = await modelOf(call)
  sendJson(call, { ...geminiObject(model), ...modelObject(model) })
}

/** `GET /v1beta/models` */
export async function answerGeminiModels(call: Call): Promise<void> {
  sendJson(call, { models: (await modelsFor(call)).map(geminiObject) })
}

/** `GET /v1beta/models/{id}` */
export async function answerGeminiModel(call: Call): Promise<void> {
  sendJson(call, geminiObject(await modelOf(call)))
}

/** When a model was made is not known here, but clients of both dialects want a date. */
const UNKNOWN_DATE = '1970-01-01T00:00:00Z'

const modelObject = ({ id, name, contextTokens, outputTokens }: Model): object => ({
  id,
  object: 'model',
  type: 'model',
  created: 0,
  created_at: UNKNOWN_DATE,
  owned_by: 'rivulet',
  display_name: name ?? id,
  max_input_tokens: contextTokens ?? null,
  max_tokens: outputTokens ?? null,
  lifecycle: 'active',
  deprecated_at: null,
  retires_at: null,
  line: null,
  // What a model can do is asked of it, and not looked up.
  capabilities: null,
  ...(contextTokens !== undefined && { context_window: contextTokens }),
  ...(outputTokens !== undefined && { max_output_tokens: outputTokens }),
})

const geminiObject = ({ id, name, contextTokens, outputTokens }: Model): object => ({
  name: `models/${id}`,
  displayName: name ?? id,
  ...(contextTokens !== undefined && { inputTokenLimit: contextTokens }),
  ...(outputTokens !== undefined && { outputTokenLimit: outputTokens }),
  supportedGenerationMethods: ['generateContent', 'streamGenerateContent'],
})

async function modelOf(call: Call): Promise<Model> {
  const { model = '' } = call.params
  const found = (await modelsFor(call)).find(({ id }) => id === model)
  if (found === undefined) throw new Refused(404, `the model "${model.slice(0, 100)}" is not served here`)
  return found
}

/** A list is not worth a long wait. */
const LIST_MS = 10_000

/** What the provider lists, or what is known of it where it can't be asked: those that the client may ask. */
async function modelsFor({ state, visitor, credentials, signal }: Call): Promise<readonly Model[]> {
  const { provider } = state
  const listed = await unlessAborted(
    provider.models?.({ signal, credentials, deadlines: { totalMs: LIST_MS } }) ?? Promise.resolve([]),
    signal,
  ).catch(() => [])
  const models: readonly Model[] = listed.length > 0 ? listed : provider.info.models
  return models.filter(({ id }) => visitor.may(id))
}
