import type { GenerationOptions } from '../../answers/generation-options.ts'
import { type Body, jsonBody, checkQuery, stringField } from '../../check.ts'
import type { Chat, Route } from '../../dialect.ts'
import { checkFields, recordIn, recordsIn, textIn, textsIn } from '../../fields.ts'
import { RequestError } from '../../request-error.ts'
import { checkHeaders, knownAnthropicModel } from './access.ts'
import { cacheMarksOf } from './cache-marks.ts'
import { conversationOf } from './conversation.ts'
import { fields } from './fields.ts'
import { eventReply, type ReplyOptions, messageReply } from './reply.ts'
import { hasSearch } from './searches.ts'
import { checkStrictSchemas } from './strict-schemas.ts'

export const messagesRoute: Route<Chat & ReplyOptions> = {
  method: 'POST',
  path: '/v1/messages',
  accept(request, rules) {
    const version = checkHeaders(request, rules)
    // The vendor's own client also sends betas in the query.
    checkQuery(request, ['beta'], rules)
    const body = jsonBody(request)
    checkFields(body, fieldsOf[version], { required: ['model', 'max_tokens', 'messages'], lenient: rules.lenient })
    if (version === '2026-10-21') checkBlocks(recordsIn(body.messages))
    checkBudget(body)
    checkStrictSchemas(body)
    const { id } = knownAnthropicModel(stringField(body, 'model'))
    return {
      model: id,
      messages: conversationOf(body.system, recordsIn(body.messages)),
      form: body.stream === true ? 'sse' : 'json',
      tools: true,
      marks: cacheMarksOf(body),
      searches: hasSearch(body.tools),
      isHidden: recordIn(body.thinking).display === 'omitted',
      options: generationOptionsOf(body),
    }
  },
  reply: (accepted, answer, rules) => (accepted.form === 'sse' ? eventReply : messageReply)(accepted, answer, rules),
}

/**
 * Since 2026-10-21 the sampling fields are rejected, even with their default values.
 *
 * @see https://platform.claude.com/docs/en/api/migration-2026-10-21 (2026-11-20)
 */
const { temperature: _temperature, top_p: _topP, top_k: _topK, ...fieldsSince2026 } = fields
const fieldsOf = { '2023-06-01': fields, '2026-10-21': fieldsSince2026 }

/** Rejects message content that the same version no longer accepts. */
function checkBlocks(messages: readonly Record<string, unknown>[]): void {
  for (const [index, { role, content }] of messages.entries()) {
    for (const [at, { type, citations }] of recordsIn(content).entries()) {
      const param = `messages.${index}.content.${at}`
      const isCited = role === 'user' && type === 'text' && recordsIn(citations).length > 0
      const isMisplaced = role === 'assistant' && type === 'document'
      if (!isCited && !isMisplaced) continue
      const problem = isCited ? '`citations` are not permitted in user messages' : 'documents belong in user messages'
      throw new RequestError(400, 'wrong_value', `${param}: ${problem}`, { param, isVerbatim: true })
    }
  }
}

function checkBudget({ thinking, max_tokens: maxTokens }: Body): void {
  const { budget_tokens: budget } = recordIn(thinking)
  if (typeof budget !== 'number' || budget < Number(maxTokens)) return
  const message = '`max_tokens` must be greater than `thinking.budget_tokens`.'
  throw new RequestError(400, 'wrong_value', message, { param: 'thinking', isVerbatim: true })
}

function generationOptionsOf(body: Body): GenerationOptions {
  const { type: choice, name, disable_parallel_tool_use: isSingle } = recordIn(body.tool_choice)
  const { type: thinking } = recordIn(body.thinking)
  const { format } = recordIn(body.output_config)
  const custom = recordsIn(body.tools).filter(({ input_schema: schema }) => schema !== undefined)
  const toolChoice = choice === 'any' ? 'required' : choice === 'none' ? 'none' : 'auto'
  return {
    tools: custom.map((tool) => ({ name: textIn(tool.name), schema: recordIn(tool.input_schema) })),
    toolChoice: choice === 'tool' ? { names: [textIn(name)] } : toolChoice,
    parallel: isSingle !== true,
    ...(format === undefined || format === null ? {} : { json: recordIn(recordIn(format).schema) }),
    reasoning: thinking === 'enabled' || thinking === 'adaptive',
    stop: textsIn(body.stop_sequences),
    maxTokens: Number(body.max_tokens),
  }
}
