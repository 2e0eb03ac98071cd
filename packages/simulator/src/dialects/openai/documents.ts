import { tokenCount } from '../../answers/tokens.ts'
import { jsonBody, checkQuery, stringField } from '../../check.ts'
import type { Route } from '../../dialect.ts'
import { documentRoute } from '../../document.ts'
import { between, checkFields, either, listOf, oneOf, text, textsIn, integer } from '../../fields.ts'
import { embeddingOf } from '../../embeddings.ts'
import { created } from '../openai-replies.ts'
import { checkBearer } from './auth.ts'
import { openaiErrorBody } from './error.ts'
import { chatModels, embeddingModels, knownOpenaiModel } from './models.ts'

const errorBody = openaiErrorBody
const listed = [...chatModels, ...Object.keys(embeddingModels)]
const model = (id: string): object => ({ id, object: 'model', created, owned_by: 'openai' })

export const openaiModels: readonly Route[] = [
  documentRoute({ method: 'GET', path: '/v1/models', errorBody }, (request, rules) => {
    checkBearer(request, rules)
    checkQuery(request, [], rules)
    return { document: { object: 'list', data: listed.map(model) } }
  }),
  documentRoute({ method: 'GET', path: '/v1/models/{model}', errorBody }, (request, rules) => {
    checkBearer(request, rules)
    return { document: model(knownOpenaiModel(request.params.model ?? '', listed)) }
  }),
]

/** @see https://platform.openai.com/docs/api-reference/embeddings/create (2026-11-20) */
const fields = {
  input: either(text, listOf(text, { min: 1, max: 2048 })),
  model: text,
  dimensions: between(1, 3072, integer),
  encoding_format: oneOf('float', 'base64'),
  user: text,
}

export const openaiEmbeddings = documentRoute(
  { method: 'POST', path: '/v1/embeddings', errorBody },
  (request, rules) => {
    checkBearer(request, rules)
    checkQuery(request, [], rules)
    const body = jsonBody(request)
    checkFields(body, fields, { required: ['input', 'model'], lenient: rules.lenient })
    const id = knownOpenaiModel(stringField(body, 'model'), Object.keys(embeddingModels))
    const length = Number(body.dimensions ?? embeddingModels[id])
    const input = textsIn(body.input)
    const tokens = input.reduce((sum, one) => sum + tokenCount(one), 0)
    const data = input.map((one, index) => {
      const vector = embeddingOf(one, length)
      return { object: 'embedding', index, embedding: body.encoding_format === 'base64' ? packed(vector) : vector }
    })
    return {
      model: id,
      document: { object: 'list', data, model: id, usage: { prompt_tokens: tokens, total_tokens: tokens } },
    }
  },
)

/** Base64 of 32-bit little-endian floats, the encoding that the vendor's own client requests. */
function packed(vector: readonly number[]): string {
  return Buffer.from(new Float32Array(vector).buffer).toString('base64')
}
