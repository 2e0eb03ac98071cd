import type { Wishes } from '../answers/wishes.ts'
import { type Body, jsonBody, onlyQuery, stringField } from '../check.ts'
import type { Chat, Dialect, Route } from '../dialect.ts'
import { checkFields, recordIn, recordsIn, textIn, textsIn } from '../fields.ts'
import { Refusal } from '../refusal.ts'
import { checkBearer } from './openai/auth.ts'
import { choiceOf, toolOf } from './openai/chat.ts'
import { openaiModels } from './openai/documents.ts'
import { openaiErrorBody } from './openai/error.ts'
import { chatModels, knownOpenaiModel } from './openai/models.ts'
import { fields } from './openai-responses/fields.ts'
import { inputOf } from './openai-responses/input.ts'
import type { Manner } from './openai-responses/items.ts'
import { eventReply, wholeReply } from './openai-responses/reply.ts'

const responsesRoute: Route<Chat & Manner> = {
  method: 'POST',
  path: '/v1/responses',
  accept(request, rules) {
    checkBearer(request, rules)
    onlyQuery(request, [], rules)
    const body = jsonBody(request)
    checkFields(body, fields, { required: ['model', 'input'], lenient: rules.lenient })
    checkMemory(body)
    const model = knownOpenaiModel(stringField(body, 'model'))
    const messages = inputOf(body.instructions, body.input)
    return {
      model,
      messages,
      form: body.stream === true ? 'sse' : 'json',
      tools: true,
      isSealed: textsIn(body.include).includes('reasoning.encrypted_content'),
      isSummarised: typeof recordIn(body.reasoning).summary === 'string',
      wishes: wishesOf(body),
    }
  },
  reply: (asked, answer, rules) => (asked.form === 'sse' ? eventReply : wholeReply)(asked.model, asked, answer, rules),
}

/** Nothing is kept from request to request, so that there is nothing to go on from. */
function checkMemory({ previous_response_id: previous, conversation }: Body): void {
  if (typeof previous === 'string') {
    const message = `Previous response with id '${previous}' not found.`
    const options = { param: 'previous_response_id', isQuoted: true }
    throw new Refusal(400, 'previous_response_not_found', message, options)
  }
  if (conversation === undefined || conversation === null) return
  const id = textIn(conversation) + textIn(recordIn(conversation).id)
  throw new Refusal(404, 'not_found', `Conversation with id '${id}' not found.`, { isQuoted: true })
}

function wishesOf(body: Body): Wishes {
  const { tools, tool_choice: choice, reasoning, include, max_output_tokens: maxTokens } = body
  const { effort, summary } = recordIn(reasoning)
  const { type, schema } = recordIn(recordIn(body.text).format)
  const isSealed = textsIn(include).includes('reasoning.encrypted_content')
  const thinks = typeof effort === 'string' || typeof summary === 'string' || isSealed
  return {
    tools: recordsIn(tools)
      .filter((tool) => tool.type === 'function')
      .map(toolOf),
    ...(choice === undefined ? {} : { toolChoice: choiceOf(choice) }),
    parallel: body.parallel_tool_calls !== false,
    ...(type === 'json_schema' ? { json: recordIn(schema) } : type === 'json_object' ? { json: {} } : {}),
    reasoning: thinks && effort !== 'none',
    ...(typeof maxTokens === 'number' ? { maxTokens } : {}),
  }
}

/** OpenAI's other dialect: items in, items out. Nothing is kept: a conversation is sent whole, as with `store: false`. */
export const openaiResponses: Dialect = {
  id: 'openai-responses',
  name: 'OpenAI Responses',
  models: chatModels,
  basePath: '/v1',
  needsCredential: true,
  routes: [responsesRoute, ...openaiModels],
  errorBody: openaiErrorBody,
}
