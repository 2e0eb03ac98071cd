import type { GenerationOptions } from '../../answers/generation-options.ts'
import { type Body, jsonBody, checkQuery } from '../../check.ts'
import type { Chat, Route } from '../../dialect.ts'
import { checkFields, recordIn, recordsIn, textIn, textsIn } from '../../fields.ts'
import type { IncomingRequest, Rules } from '../../incoming-request.ts'
import { checkKey, knownGeminiModel } from './access.ts'
import { checkAgreement } from './agreement.ts'
import { conversationOf } from './conversation.ts'
import { chatFields } from './fields.ts'
import { eventReply, listReply, wholeReply } from './reply.ts'

const path = '/v1beta/models/{model}'

export const generateRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: `${path}:generateContent`,
    accept: (request, rules) => accepted(request, rules, 'json'),
    reply: ({ model }, answer, rules) => wholeReply(model, answer, rules),
  },
  {
    method: 'POST',
    path: `${path}:streamGenerateContent`,
    accept: (request, rules) => accepted(request, rules, request.query.get('alt') === 'sse' ? 'sse' : 'list'),
    reply: ({ model, form }, answer, rules) => (form === 'sse' ? eventReply : listReply)(model, answer, rules),
  },
]

function accepted(request: IncomingRequest, rules: Rules, form: string): Chat {
  checkKey(request, rules)
  checkQuery(request, ['key', 'alt', 'prettyPrint'], rules)
  const { id } = knownGeminiModel(request.params.model ?? '', 'generateContent')
  const body = jsonBody(request)
  checkFields(body, chatFields, { required: ['contents'], lenient: rules.lenient })
  checkAgreement(body)
  const messages = conversationOf(body.systemInstruction, recordsIn(body.contents))
  return { model: id, messages, form, tools: true, options: generationOptionsOf(body) }
}

function generationOptionsOf({ tools, toolConfig, generationConfig }: Body): GenerationOptions {
  const config = recordIn(generationConfig)
  const { mode, allowedFunctionNames: allowed } = recordIn(recordIn(toolConfig).functionCallingConfig)
  const isJson = config.responseMimeType === 'application/json'
  const { includeThoughts } = recordIn(config.thinkingConfig)
  const names = textsIn(allowed)
  const forced = names.length > 0 ? { names } : 'required'
  return {
    tools: recordsIn(tools)
      .flatMap(({ functionDeclarations: list }) => recordsIn(list))
      .map((tool) => ({ name: textIn(tool.name), schema: recordIn(tool.parametersJsonSchema ?? tool.parameters) })),
    toolChoice: mode === 'ANY' ? forced : mode === 'NONE' ? 'none' : 'auto',
    ...(isJson ? { json: recordIn(config.responseJsonSchema ?? config.responseSchema) } : {}),
    reasoning: includeThoughts === true,
    stop: textsIn(config.stopSequences),
    ...(typeof config.maxOutputTokens === 'number' ? { maxTokens: config.maxOutputTokens } : {}),
  }
}
