import { tokenCount } from '../answers/tokens.ts'
import type { GenerationOptions } from '../answers/generation-options.ts'
import { type Body, jsonBody, checkQuery, stringField } from '../check.ts'
import type { Dialect, Route } from '../dialect.ts'
import { documentRoute } from '../document.ts'
import { checkFields, recordIn, recordsIn, textIn, textsIn } from '../fields.ts'
import type { Message } from '../messages.ts'
import { RequestError } from '../request-error.ts'
import { embeddingOf } from '../embeddings.ts'
import { chatFields, embedFields } from './ollama/fields.ts'
import {
  checkProxy,
  knownOllamaModel,
  models,
  ollamaErrorBody as errorBody,
  type OllamaModel,
} from './ollama/models.ts'
import { linesReply, wholeReply } from './ollama/reply.ts'

const chatRoute: Route = {
  method: 'POST',
  path: '/api/chat',
  accept(request, rules) {
    checkProxy(request, rules)
    checkQuery(request, [], rules)
    const body = jsonBody(request)
    checkFields(body, chatFields, { required: ['model', 'messages'], lenient: rules.lenient })
    const model = knownOllamaModel(stringField(body, 'model'))
    const messages = recordsIn(body.messages).map(messageOf)
    checkAbilities(model, body, messages)
    const form = body.stream === false ? 'json' : 'lines'
    return { model: model.id, messages, form, tools: true, options: generationOptionsOf(body) }
  },
  reply: ({ model, form }, answer, rules) => (form === 'json' ? wholeReply : linesReply)(model, answer, rules),
}

function messageOf({ role, content, images }: Record<string, unknown>): Message {
  const known = role === 'assistant' || role === 'tool' || role === 'user' ? role : 'system'
  const { length } = textsIn(images)
  return { role: known, content: textIn(content), ...(length > 0 ? { images: length } : {}) }
}

function checkAbilities(model: OllamaModel, { tools, think }: Body, messages: readonly Message[]): void {
  const cannot = (what: string): never => {
    throw new RequestError(400, 'unsupported', `"${model.id}" does not support ${what}`, { isVerbatim: true })
  }
  if (model.dimensions !== undefined) cannot('chat')
  if (recordsIn(tools).length > 0 && model.tools !== true) cannot('tools')
  if (think !== undefined && think !== false && model.thinking !== true) cannot('thinking')
  if (messages.some(({ images = 0 }) => images > 0) && model.vision !== true) cannot('images')
}

function generationOptionsOf({ tools, format, think, options }: Body): GenerationOptions {
  const { stop, num_predict: most } = recordIn(options)
  return {
    tools: recordsIn(tools).map((tool) => {
      const { name, parameters } = recordIn(tool.function)
      return { name: textIn(name), schema: recordIn(parameters) }
    }),
    ...(format === undefined || format === '' ? {} : { json: recordIn(format) }),
    reasoning: think !== undefined && think !== false,
    stop: textsIn(stop),
    // -1 means no limit, -2 as much as the context holds.
    ...(typeof most === 'number' && most > 0 ? { maxTokens: most } : {}),
  }
}

const tags = documentRoute({ method: 'GET', path: '/api/tags', errorBody }, (request, rules) => {
  checkProxy(request, rules)
  return {
    document: {
      models: models.map(({ id, family, size }) => ({
        name: id,
        model: id,
        modified_at: '2026-01-01T00:00:00Z',
        size: 4_000_000_000,
        digest: Buffer.from(id).toString('hex').padEnd(64, '0').slice(0, 64),
        details: {
          parent_model: '',
          format: 'gguf',
          family,
          families: [family],
          parameter_size: size,
          quantization_level: 'Q4_K_M',
        },
      })),
    },
  }
})

const embed = documentRoute({ method: 'POST', path: '/api/embed', errorBody }, (request, rules) => {
  checkProxy(request, rules)
  const body = jsonBody(request)
  checkFields(body, embedFields, { required: ['model', 'input'], lenient: rules.lenient })
  const { id, dimensions } = knownOllamaModel(stringField(body, 'model'))
  if (dimensions === undefined) {
    throw new RequestError(400, 'unsupported', 'this model does not support embeddings', { isVerbatim: true })
  }
  const input = textsIn(body.input)
  const embeddings = input.map((one) => embeddingOf(one, Number(body.dimensions ?? dimensions)))
  const tokens = input.reduce((sum, one) => sum + tokenCount(one), 0)
  const durations = { total_duration: 1_000_000, load_duration: 1_000 }
  return { model: id, document: { model: id, embeddings, ...durations, prompt_eval_count: tokens } }
})

/** Ollama: its own chat over NDJSON, without a credential; models; embeddings. */
export const ollama: Dialect = {
  id: 'ollama',
  name: 'Ollama',
  models: models.filter(({ dimensions }) => dimensions === undefined).map(({ id }) => id),
  routes: [
    chatRoute,
    tags,
    embed,
    documentRoute({ method: 'GET', path: '/api/version', errorBody }, () => ({ document: { version: '0.14.0' } })),
  ],
  errorBody,
}
