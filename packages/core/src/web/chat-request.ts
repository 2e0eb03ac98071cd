import type { ChatRequest } from '../chat.ts'
import { checkOptions, must } from '../check/check.ts'
import { checkRequest } from '../check/check-request.ts'
import { FIELDS, type SettingName } from '../check/settings.ts'
import { parseJson } from '../dialect/parse-json.ts'
import { ChatError } from '../errors.ts'
import { checkPageRequest } from './check-page-request.ts'

export interface ChatRequestOptions {
  /** The model of a request that names none. @default the first of `models`; without them, a request must name one */
  model?: string | undefined
  /** The models that may be asked. @default any that the provider has */
  models?: readonly string[] | undefined
}

const OPTIONS: Readonly<Record<keyof ChatRequestOptions, true>> = { model: true, models: true }

const ANYTHING = {
  name: 'the body',
  // The keys of FIELDS are setting names, which the type of Object.keys does not say.
  settings: (Object.keys(FIELDS) as SettingName[]).map((name) => ({ name, type: FIELDS[name].type })),
}

/**
 * Reads the body of a request from a stranger, such as a page: only what a stranger may set, checked so that no provider takes it
 * for a caller's mistake. Anything else is refused, and never dropped unnoticed.
 *
 * - Taken: `model`, `messages`, `stream`, the settings from `temperature` to `frequencyPenalty`, `tools` with their choice (the
 *   page runs them), `responseFormat`, `reasoning`, and `session`, which goes to no provider. A message has text, images and files
 *   by `https:` or `data:` URL, tool calls and their results, and what an answer sends back with it: `origin`, reasoning and
 *   signatures, which their provider checks. A system message is taken too: put yours first, or refuse those of the page.
 * - Refused: `extra`, `native`, native parts and native tools, because they reach the provider as they are, with your key;
 *   `cache`, which is charged for; `http:` and all other URLs; and fields that no request has.
 * - What a provider does not support, its `stream()` refuses, or leaves out with `unsupported: 'drop'`.
 * - The number of messages, parts and tools, the length of names, and the depth have bounds. How many bytes a body may have, the
 *   server must bound before it.
 *
 * @param body The text of the body, or the parsed document.
 * @throws ChatError `bad-request` that names the field. TypeError for an option that is unknown or of a wrong type.
 * @example
 * export const POST = (incoming: Request) =>
 *   toResponse(async () => provider.stream(chatRequest(await incoming.text(), { models: ['gpt-5', 'gpt-5-mini'] })))
 */
export function chatRequest(body: unknown, options: ChatRequestOptions = {}): ChatRequest {
  checkOptions('chatRequest', options, OPTIONS)
  const { models } = options
  must(models === undefined || isNames(models), 'chatRequest: models', 'an array of names', models)
  const { model = models?.[0] } = options
  must(model === undefined || isName(model), 'chatRequest: model', 'a name', model)
  const document = typeof body === 'string' ? parseJson(body) : body
  if (document === undefined) throw refusal('the body is not JSON')
  try {
    const fields = checkPageRequest(document)
    if (fields.model === undefined && model === undefined) {
      throw refusal('the body: model is missing, and the server has no default: the option "model" of chatRequest()')
    }
    const asked = { ...fields, model: fields.model === undefined ? model : fields.model }
    // Every field is checked there.
    const { request } = checkRequest(ANYTHING, asked as ChatRequest, 'reject')
    if (models === undefined || request.model === model || models.includes(request.model)) return request
  } catch (error) {
    if (error instanceof TypeError) throw refusal(error.message)
    throw error
  }
  throw refusal(`the body: model must be one of ${models.join(', ')}`)
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every(isName)

const refusal = (words: string): ChatError => new ChatError('bad-request', words)
