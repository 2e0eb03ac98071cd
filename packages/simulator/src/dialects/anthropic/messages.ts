import type { Wishes } from '../../answers/wishes.ts'
import { type Body, jsonBody, onlyQuery, stringField } from '../../check.ts'
import type { Chat, Route } from '../../dialect.ts'
import { checkFields, recordIn, recordsIn, textIn, textsIn } from '../../fields.ts'
import { Refusal } from '../../refusal.ts'
import { checkHeaders, knownAnthropicModel } from './access.ts'
import { conversationOf } from './conversation.ts'
import { fields } from './fields.ts'
import { eventReply, type Manner, messageReply } from './reply.ts'

export const messagesRoute: Route<Chat & Manner> = {
  method: 'POST',
  path: '/v1/messages',
  accept(request, rules) {
    const version = checkHeaders(request, rules)
    // Betas of the vendor's own client come in the query, too.
    onlyQuery(request, ['beta'], rules)
    const body = jsonBody(request)
    checkFields(body, fieldsOf[version], { required: ['model', 'max_tokens', 'messages'], lenient: rules.lenient })
    if (version === '2026-10-21') checkBlocks(recordsIn(body.messages))
    checkBudget(body)
    const { id } = knownAnthropicModel(stringField(body, 'model'))
    return {
      model: id,
      messages: conversationOf(body.system, recordsIn(body.messages)),
      form: body.stream === true ? 'sse' : 'json',
      tools: true,
      isCached: request.bodyText.includes('"cache_control"'),
      isHidden: recordIn(body.thinking).display === 'omitted',
      wishes: wishesOf(body),
    }
  },
  reply: (asked, answer, rules) => (asked.form === 'sse' ? eventReply : messageReply)(asked, answer, rules),
}

/**
 * How a request is sampled can no longer be asked for, not even as it would be by itself.
 *
 * @see https://platform.claude.com/docs/en/api/migration-2026-10-21 (2026-11-20)
 */
const { temperature: _temperature, top_p: _topP, top_k: _topK, ...fieldsSince2026 } = fields
const fieldsOf = { '2023-06-01': fields, '2026-10-21': fieldsSince2026 }

/** What the same version no longer takes inside of messages. */
function checkBlocks(messages: readonly Record<string, unknown>[]): void {
  for (const [index, { role, content }] of messages.entries()) {
    for (const [at, { type, citations }] of recordsIn(content).entries()) {
      const param = `messages.${index}.content.${at}`
      const isCited = role === 'user' && type === 'text' && recordsIn(citations).length > 0
      const isMisplaced = role === 'assistant' && type === 'document'
      if (!isCited && !isMisplaced) continue
      const problem = isCited ? '`citations` are not permitted in user messages' : 'documents belong in user messages'
      throw new Refusal(400, 'wrong_value', `${param}: ${problem}`, { param, isQuoted: true })
    }
  }
}

function checkBudget({ thinking, max_tokens: maxTokens }: Body): void {
  const { budget_tokens: budget } = recordIn(thinking)
  if (typeof budget !== 'number' || budget < Number(maxTokens)) return
  const message = '`max_tokens` must be greater than `thinking.budget_tokens`.'
  throw new Refusal(400, 'wrong_value', message, { param: 'thinking', isQuoted: true })
}

function wishesOf(body: Body): Wishes {
  const { type: choice, name, disable_parallel_tool_use: isSingle } = recordIn(body.tool_choice)
  const { type: thinking } = recordIn(body.thinking)
  const { format } = recordIn(body.output_config)
  const own = recordsIn(body.tools).filter(({ input_schema: schema }) => schema !== undefined)
  const toolChoice = choice === 'any' ? 'required' : choice === 'none' ? 'none' : 'auto'
  return {
    tools: own.map((tool) => ({ name: textIn(tool.name), schema: recordIn(tool.input_schema) })),
    toolChoice: choice === 'tool' ? { names: [textIn(name)] } : toolChoice,
    parallel: isSingle !== true,
    ...(format === undefined || format === null ? {} : { json: recordIn(recordIn(format).schema) }),
    reasoning: thinking === 'enabled' || thinking === 'adaptive',
    stop: textsIn(body.stop_sequences),
    maxTokens: Number(body.max_tokens),
  }
}
