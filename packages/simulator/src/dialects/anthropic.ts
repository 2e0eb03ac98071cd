import { checkQuery } from '../check.ts'
import type { Dialect } from '../dialect.ts'
import { documentRoute } from '../document.ts'
import { type AnthropicModel, checkHeaders, knownAnthropicModel, models } from './anthropic/access.ts'
import { anthropicErrorBody as errorBody } from './anthropic/error.ts'
import { messagesRoute } from './anthropic/messages.ts'

const described = ({ id, name, contextTokens, outputTokens }: AnthropicModel): object => ({
  type: 'model',
  id,
  display_name: name,
  created_at: '2026-01-01T00:00:00Z',
  max_input_tokens: contextTokens,
  max_tokens: outputTokens,
  capabilities: {
    image_input: { supported: true },
    pdf_input: { supported: true },
    structured_outputs: { supported: true },
    thinking: { supported: true },
  },
})

/** Anthropic: messages and models. */
export const anthropic: Dialect = {
  id: 'anthropic',
  name: 'Anthropic',
  models: models.map(({ id }) => id),
  needsCredential: true,
  routes: [
    messagesRoute,
    documentRoute({ method: 'GET', path: '/v1/models', errorBody }, (request, rules) => {
      checkHeaders(request, rules)
      checkQuery(request, ['limit', 'after_id', 'before_id'], rules)
      const [first, last] = [models.at(0)?.id ?? null, models.at(-1)?.id ?? null]
      return { document: { data: models.map(described), has_more: false, first_id: first, last_id: last } }
    }),
    documentRoute({ method: 'GET', path: '/v1/models/{model}', errorBody }, (request, rules) => {
      checkHeaders(request, rules)
      return { document: described(knownAnthropicModel(request.params.model ?? '')) }
    }),
  ],
  errorBody,
}
