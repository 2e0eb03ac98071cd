import {
  fieldError,
  header,
  jsonBody,
  knownModel,
  numberField,
  checkFieldNames,
  checkQuery,
  stringField,
} from '../check.ts'
import type { Dialect } from '../dialect.ts'
import { messagesOf } from '../messages.ts'
import { RequestError } from '../request-error.ts'
import { openaiError, sseReply } from './openai-replies.ts'

const models = ['gpt-4', 'gpt-3.5-turbo']

/** Lockchat: OpenAI chat over SSE, always streaming; the optional credential is in the query. */
export const lockchat: Dialect = {
  id: 'lockchat',
  name: 'Lockchat',
  models,
  routes: [
    {
      method: 'POST',
      path: '/v1/chat/completions',
      accept(request, rules) {
        checkQuery(request, ['auth'], rules)
        checkAuth(request.query.get('auth'), rules.credential)
        header(request, 'user-agent')
        const body = jsonBody(request)
        checkFieldNames(body, ['temperature', 'messages', 'model', 'stream'], rules)
        numberField(body, 'temperature', { min: 0, max: 2 })
        const messages = messagesOf(body, { tools: true })
        if (body.stream === undefined) throw fieldError('stream', 'missing', 'is missing')
        if (body.stream !== true) throw fieldError('stream', 'wrong_value', 'must be true')
        const model = knownModel(stringField(body, 'model'), models)
        return { model, messages, form: 'sse', tools: true }
      },
      reply: (chat, answer, rules) => sseReply(chat.model, answer, rules),
    },
  ],
  errorBody: openaiError,
}

function checkAuth(auth: string | null, credential: string | undefined): void {
  if (auth === '') {
    throw new RequestError(401, 'missing_credential', 'query parameter "auth" is empty; omit it instead', {
      param: 'auth',
    })
  }
  if (credential !== undefined && auth !== credential) {
    const problem = auth === null ? 'is missing' : 'does not match the credential'
    throw new RequestError(401, 'invalid_credential', `query parameter "auth" ${problem}`, { param: 'auth' })
  }
}
