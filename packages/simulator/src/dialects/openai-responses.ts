import type { GenerationOptions } from '../answers/generation-options.ts'
import { type Body, jsonBody, checkQuery, stringField } from '../check.ts'
import type { Chat, Dialect, Route } from '../dialect.ts'
import { checkFields, recordIn, recordsIn, textIn, textsIn } from '../fields.ts'
import type { Message } from '../messages.ts'
import { RequestError } from '../request-error.ts'
import { checkBearer } from './openai/auth.ts'
import { choiceOf, toolOf } from './openai/chat.ts'
import { openaiModels } from './openai/documents.ts'
import { openaiErrorBody } from './openai/error.ts'
import { knownOpenaiModel, ownModels } from './openai/models.ts'
import { fields } from './openai-responses/fields.ts'
import { inputOf } from './openai-responses/input.ts'
import type { ReplyOptions } from './openai-responses/items.ts'
import { eventReply, wholeReply } from './openai-responses/reply.ts'

const responsesRoute: Route<Chat & ReplyOptions> = {
  method: 'POST',
  path: '/v1/responses',
  accept(request, rules) {
    checkBearer(request, rules)
    checkQuery(request, [], rules)
    const body = jsonBody(request)
    checkFields(body, fields, { required: ['model', 'input'], lenient: rules.lenient })
    checkStoredState(body)
    const model = knownOpenaiModel(stringField(body, 'model'), ownModels)
    const messages = inputOf(body.instructions, body.input)
    return {
      model,
      messages,
      form: body.stream === true ? 'sse' : 'json',
      tools: true,
      includesEncrypted: textsIn(body.include).includes('reasoning.encrypted_content'),
      isSummarised: typeof recordIn(body.reasoning).summary === 'string',
      ...toolsOf(body, messages),
      options: generationOptionsOf(body),
    }
  },
  reply: (accepted, answer, rules) =>
    (accepted.form === 'sse' ? eventReply : wholeReply)(accepted.model, accepted, answer, rules),
}

/** What the tools of a request change in the items of its answer. */
function toolsOf(
  body: Body,
  messages: readonly Message[],
): Pick<ReplyOptions, 'customTools' | 'namespaces' | 'search'> {
  const tools = givenTools(body)
  const prompt = messages.findLast(({ role }) => role === 'user')?.content ?? ''
  const searches = tools.some(({ type }) => textIn(type).startsWith('web_search')) && /\bsearch\b/iu.test(prompt)
  return {
    customTools: callable(tools).flatMap(({ type, name }) => (type === 'custom' ? [textIn(name)] : [])),
    namespaces: new Map(
      tools.flatMap(({ type, name: namespace, tools: members }) =>
        type === 'namespace' ? recordsIn(members).map(({ name }) => [textIn(name), textIn(namespace)] as const) : [],
      ),
    ),
    ...(searches ? { search: prompt } : {}),
  }
}

/** The tools of a request, also those in items of its input. */
const givenTools = (body: Body): Record<string, unknown>[] => [
  ...recordsIn(body.tools),
  ...recordsIn(body.input).flatMap((item) => (item.type === 'additional_tools' ? recordsIn(item.tools) : [])),
]

/** The tools that the client runs, also those in namespaces. */
const callable = (tools: readonly Record<string, unknown>[]): Record<string, unknown>[] =>
  tools
    .flatMap((tool) => (tool.type === 'namespace' ? recordsIn(tool.tools) : [tool]))
    .filter(({ type }) => type === 'function' || type === 'custom')

/** The input of a custom tool, as arguments. */
const asArguments = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] }

/** The simulator stores no responses, so there is none to continue from. */
function checkStoredState({ previous_response_id: previous, conversation }: Body): void {
  if (typeof previous === 'string') {
    const message = `Previous response with id '${previous}' not found.`
    const options = { param: 'previous_response_id', isVerbatim: true }
    throw new RequestError(400, 'previous_response_not_found', message, options)
  }
  if (conversation === undefined || conversation === null) return
  const id = textIn(conversation) + textIn(recordIn(conversation).id)
  throw new RequestError(404, 'not_found', `Conversation with id '${id}' not found.`, { isVerbatim: true })
}

function generationOptionsOf(body: Body): GenerationOptions {
  const { tool_choice: choice, reasoning, include, max_output_tokens: maxTokens } = body
  const { effort, summary } = recordIn(reasoning)
  const { type, schema } = recordIn(recordIn(body.text).format)
  const includesEncrypted = textsIn(include).includes('reasoning.encrypted_content')
  const thinks = typeof effort === 'string' || typeof summary === 'string' || includesEncrypted
  return {
    tools: callable(givenTools(body)).map((tool) =>
      tool.type === 'custom' ? { name: textIn(tool.name), schema: asArguments } : toolOf(tool),
    ),
    ...(choice === undefined ? {} : { toolChoice: choiceOf(choice) }),
    parallel: body.parallel_tool_calls !== false,
    ...(type === 'json_schema' ? { json: recordIn(schema) } : type === 'json_object' ? { json: {} } : {}),
    reasoning: thinks && effort !== 'none',
    ...(typeof maxTokens === 'number' ? { maxTokens } : {}),
  }
}

/** OpenAI Responses: items in, items out. Stateless: the client sends the whole conversation, as with `store: false`. */
export const openaiResponses: Dialect = {
  id: 'openai-responses',
  name: 'OpenAI Responses',
  models: ownModels,
  basePath: '/v1',
  needsCredential: true,
  routes: [responsesRoute, ...openaiModels],
  errorBody: openaiErrorBody,
}
