import { isRecord, jsonBody, checkQuery, stringField } from '../../check.ts'
import type { Chat, Route } from '../../dialect.ts'
import { checkFields, recordIn, recordsIn, textIn, textsIn } from '../../fields.ts'
import type { Message } from '../../messages.ts'
import type { ToolSpec, GenerationOptions } from '../../answers/generation-options.ts'
import { RequestError } from '../../request-error.ts'
import { documentReply, sseReply } from '../openai-replies.ts'
import { checkBearer } from './auth.ts'
import { openaiErrorBody } from './error.ts'
import { fields } from './fields.ts'
import { knownOpenaiModel } from './models.ts'

interface Completion extends Chat {
  readonly includesUsage: boolean
}

const style = { full: true, errorBody: openaiErrorBody }

export const chatRoute: Route<Completion> = {
  method: 'POST',
  path: '/v1/chat/completions',
  accept(request, rules) {
    checkBearer(request, rules)
    checkQuery(request, [], rules)
    const body = jsonBody(request)
    checkFields(body, fields, { required: ['model', 'messages'], lenient: rules.lenient })
    const model = knownOpenaiModel(stringField(body, 'model'))
    const messages = recordsIn(body.messages).map(messageOf)
    checkResults(recordsIn(body.messages))
    checkToolFields(body)
    const isStream = body.stream === true
    if (!isStream && isRecord(body.stream_options)) {
      const message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
      throw new RequestError(400, 'wrong_value', message, { param: 'stream_options', isVerbatim: true })
    }
    return {
      model,
      messages,
      form: isStream ? 'sse' : 'json',
      tools: true,
      includesUsage: !isStream || recordIn(body.stream_options).include_usage === true,
      options: generationOptionsOf(body),
    }
  },
  reply({ model, form, includesUsage }, answer, rules) {
    const write = form === 'sse' ? sseReply : documentReply
    return write(model, answer, { ...rules, usage: includesUsage || rules.usage }, style)
  },
}

/** Refuses fields that are about tools where there are none, in the vendor's words. */
function checkToolFields(body: Readonly<Record<string, unknown>>): void {
  if (recordsIn(body.tools).length > 0) return
  for (const name of ['tool_choice', 'parallel_tool_calls']) {
    if (body[name] === undefined) continue
    const message = `Invalid value for '${name}': '${name}' is only allowed when 'tools' are specified.`
    throw new RequestError(400, 'wrong_value', message, { param: name, isVerbatim: true })
  }
}

function messageOf({ role, content, refusal }: Record<string, unknown>): Message {
  const parts = recordsIn(content)
  const images = parts.filter(({ type }) => type === 'image_url').length
  const words = parts.map(({ text, refusal: no }) => textIn(text) + textIn(no)).join('')
  const known = role === 'assistant' || role === 'tool' || role === 'user' ? role : 'system'
  return { role: known, content: textIn(content) + textIn(refusal) + words, ...(images > 0 ? { images } : {}) }
}

/** Checks that every tool call has its result and every result its call, as the vendor requires. */
function checkResults(messages: readonly Record<string, unknown>[]): void {
  let open = new Set<string>()
  for (const [index, { role, tool_calls: calls, tool_call_id: id }] of messages.entries()) {
    if (role === 'tool') {
      if (!open.delete(textIn(id))) {
        const message =
          "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
        throw new RequestError(400, 'wrong_value', message, { param: `messages.[${index}].role`, isVerbatim: true })
      }
      continue
    }
    if (open.size > 0) break
    open = new Set(recordsIn(calls).map((call) => textIn(call.id)))
  }
  if (open.size === 0) return
  const message =
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
    `The following tool_call_ids did not have response messages: ${[...open].join(', ')}`
  throw new RequestError(400, 'wrong_value', message, { param: 'messages', isVerbatim: true })
}

function generationOptionsOf(body: Readonly<Record<string, unknown>>): GenerationOptions {
  const { tools, tool_choice: choice, response_format: format, stop, reasoning_effort: effort } = body
  const maxTokens = body.max_completion_tokens ?? body.max_tokens
  const json = schemaOf(format)
  return {
    tools: recordsIn(tools).map(toolOf),
    ...(choice === undefined ? {} : { toolChoice: choiceOf(choice) }),
    parallel: body.parallel_tool_calls !== false,
    ...(json === undefined ? {} : { json }),
    reasoning: typeof effort === 'string' && effort !== 'none',
    stop: textsIn(stop),
    ...(typeof maxTokens === 'number' ? { maxTokens } : {}),
  }
}

export function toolOf({ function: given, custom, ...flat }: Record<string, unknown>): ToolSpec {
  // The Responses API has the same fields, not nested under `function` or `custom`.
  const { name, parameters } = isRecord(given) ? given : isRecord(custom) ? custom : flat
  const isText = isRecord(custom)
  return { name: textIn(name), schema: recordIn(parameters), ...(isText ? { isText } : {}) }
}

export function choiceOf(choice: unknown): NonNullable<GenerationOptions['toolChoice']> {
  if (choice === 'none' || choice === 'auto' || choice === 'required') return choice
  const { function: named, custom, name, allowed_tools: allowed } = recordIn(choice)
  const list = recordsIn(recordIn(allowed).tools ?? recordIn(choice).tools)
  if (list.length > 0) return { names: list.map((tool) => toolOf(tool).name) }
  return { names: [textIn(recordIn(named ?? custom).name ?? name)] }
}

function schemaOf(format: unknown): GenerationOptions['json'] {
  const { type, json_schema: named } = recordIn(format)
  if (type === 'json_object') return {}
  return type === 'json_schema' ? recordIn(recordIn(named).schema) : undefined
}
