import { fieldError, jsonBody, knownModel, numberField, checkFieldNames, checkQuery, stringField } from '../check.ts'
import type { Dialect } from '../dialect.ts'
import { messagesOf } from '../messages.ts'
import { documentReply, linesReply, openaiError, sseReply } from './openai-replies.ts'

const models = ['gpt-3.5-turbo-16k', 'gpt-3.5-turbo-0613']
const forms = { sse: sseReply, json: documentReply, lines: linesReply }

/** Gravityengine: OpenAI chat without a credential; answers as SSE, as one document, or as one document per line. */
export const gravityengine: Dialect = {
  id: 'gravityengine',
  name: 'Gravityengine',
  models,
  variants: Object.keys(forms),
  routes: [
    {
      method: 'POST',
      path: '/api/openai/v1/chat/completions',
      accept(request, rules) {
        checkQuery(request, [], rules)
        const body = jsonBody(request)
        checkFieldNames(body, ['model', 'temperature', 'presence_penalty', 'messages', 'stream'], rules)
        numberField(body, 'temperature', { min: 0, max: 2 })
        numberField(body, 'presence_penalty', { min: -2, max: 2 })
        const messages = messagesOf(body, { tools: true })
        if (body.stream !== undefined && body.stream !== true) {
          throw fieldError('stream', 'wrong_value', 'must be true or absent')
        }
        const model = knownModel(stringField(body, 'model'), models)
        const form = rules.variant ?? (body.stream === true ? 'sse' : 'json')
        return { model, messages, form, tools: form !== 'lines' }
      },
      reply(chat, answer, rules) {
        const write = chat.form === 'sse' || chat.form === 'lines' ? forms[chat.form] : forms.json
        return write(chat.model, answer, rules)
      },
    },
  ],
  errorBody: openaiError,
}
