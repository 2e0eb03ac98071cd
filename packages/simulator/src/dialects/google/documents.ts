import { type Body, jsonBody, checkQuery } from '../../check.ts'
import type { Route } from '../../dialect.ts'
import { documentRoute } from '../../document.ts'
import { checkFields, type Fields, recordIn, recordsIn, textIn } from '../../fields.ts'
import type { IncomingRequest, Rules } from '../../incoming-request.ts'
import { embeddingOf } from '../../embeddings.ts'
import { checkKey, type GeminiModel, knownGeminiModel, models } from './access.ts'
import { googleErrorBody as errorBody } from './error.ts'
import { batchFields, embedFields } from './fields.ts'

const described = ({ id, name, dimensions }: GeminiModel): object => ({
  name: `models/${id}`,
  version: '001',
  displayName: name,
  inputTokenLimit: dimensions === undefined ? 1_048_576 : 2048,
  outputTokenLimit: dimensions === undefined ? 65_536 : 1,
  supportedGenerationMethods: dimensions === undefined ? ['generateContent'] : ['embedContent'],
  ...(dimensions === undefined ? { thinking: true } : {}),
})

/** The checked body of a request for embeddings, and its model. */
function checkedRequest(
  request: IncomingRequest,
  rules: Rules,
  fields: Fields,
  required: string,
): { body: Body; model: GeminiModel } {
  checkKey(request, rules)
  checkQuery(request, ['key', 'alt'], rules)
  const model = knownGeminiModel(request.params.model ?? '', 'embedContent')
  const body = jsonBody(request)
  checkFields(body, fields, { required: [required], lenient: rules.lenient })
  return { body, model }
}

function embedded({ content, outputDimensionality: length }: Body, { dimensions }: GeminiModel): object {
  const words = recordsIn(recordIn(content).parts).map(({ text }) => textIn(text))
  return { values: embeddingOf(words.join(' '), Number(length ?? dimensions)) }
}

export const documentRoutes: readonly Route[] = [
  documentRoute({ method: 'GET', path: '/v1beta/models', errorBody }, (request, rules) => {
    checkKey(request, rules)
    checkQuery(request, ['key', 'pageSize', 'pageToken'], rules)
    return { document: { models: models.map(described) } }
  }),
  documentRoute({ method: 'GET', path: '/v1beta/models/{model}', errorBody }, (request, rules) => {
    checkKey(request, rules)
    return { document: described(knownGeminiModel(request.params.model ?? '', 'any')) }
  }),
  documentRoute({ method: 'POST', path: '/v1beta/models/{model}:embedContent', errorBody }, (request, rules) => {
    const { body, model } = checkedRequest(request, rules, embedFields, 'content')
    return { model: model.id, document: { embedding: embedded(body, model) } }
  }),
  documentRoute({ method: 'POST', path: '/v1beta/models/{model}:batchEmbedContents', errorBody }, (request, rules) => {
    const { body, model } = checkedRequest(request, rules, batchFields, 'requests')
    return { model: model.id, document: { embeddings: recordsIn(body.requests).map((one) => embedded(one, model)) } }
  }),
]
