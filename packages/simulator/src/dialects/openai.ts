import type { Dialect } from '../dialect.ts'
import { chatRoute } from './openai/chat.ts'
import { openaiEmbeddings, openaiModels } from './openai/documents.ts'
import { openaiErrorBody } from './openai/error.ts'
import { chatModels } from './openai/models.ts'

/** OpenAI: chat completions, models, embeddings. */
export const openai: Dialect = {
  id: 'openai',
  name: 'OpenAI',
  models: chatModels,
  basePath: '/v1',
  needsCredential: true,
  routes: [chatRoute, ...openaiModels, openaiEmbeddings],
  errorBody: openaiErrorBody,
}
