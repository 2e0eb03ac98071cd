import {
  type Body,
  fieldError,
  header,
  isRecord,
  jsonBody,
  knownModel,
  checkFieldNames,
  checkQuery,
  stringField,
} from '../check.ts'
import type { Dialect, Part } from '../dialect.ts'
import type { IncomingRequest } from '../incoming-request.ts'
import { type Message, messagesOf } from '../messages.ts'
import { type Random, random } from '../random.ts'
import { RequestError } from '../request-error.ts'
import { openaiError } from './openai-replies.ts'

interface Model {
  readonly id: string
  readonly name: string
  /** The limit for all messages together, in characters. */
  readonly maxLength: number
  readonly tokenLimit: number
}

const records: readonly Model[] = [
  { id: 'gpt-4', name: 'GPT-4', maxLength: 24_000, tokenLimit: 8000 },
  { id: 'gpt-3.5-turbo', name: 'GPT-3.5', maxLength: 12_000, tokenLimit: 4000 },
]
const models = records.map(({ id }) => id)
const uuidV4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i

/** Liaobots: browser headers of its own page, the whole model record in the body, plain text as the answer. */
export const liaobots: Dialect = {
  id: 'liaobots',
  name: 'Liaobots',
  models,
  needsCredential: true,
  volatileFields: ['conversationId'],
  routes: [
    {
      method: 'POST',
      path: '/api/chat',
      accept(request, rules) {
        checkQuery(request, [], rules)
        checkCode(request, rules.credential)
        checkBrowser(request)
        const body = jsonBody(request)
        checkFieldNames(body, ['conversationId', 'model', 'messages', 'key', 'prompt'], rules)
        if (!uuidV4.test(stringField(body, 'conversationId'))) {
          throw fieldError('conversationId', 'wrong_value', 'must be a UUID, version 4')
        }
        const model = modelOf(body)
        const messages = messagesOf(body, { tools: false })
        if (stringField(body, 'key') !== '') throw fieldError('key', 'wrong_value', `must be ''`)
        stringField(body, 'prompt')
        checkLength(messages, model)
        return { model: model.id, messages, form: 'text', tools: false }
      },
      reply: ({ model }, { id, tokens }) => ({
        contentType: 'text/plain; charset=utf-8',
        framing: 'text',
        parts: cut(tokens, random(id, model)),
        isDocument: false,
        endMark: false,
        error: (error) => Buffer.from(JSON.stringify(openaiError(error))),
      }),
    },
  ],
  errorBody: openaiError,
}

function checkCode({ headers }: IncomingRequest, credential: string | undefined): void {
  const code = headers['x-auth-code'] ?? ''
  if (code === '') {
    throw new RequestError(401, 'missing_credential', 'header "x-auth-code" is missing or empty', {
      param: 'x-auth-code',
    })
  }
  if (credential !== undefined && code !== credential) {
    throw new RequestError(401, 'invalid_credential', 'header "x-auth-code" does not match the credential', {
      param: 'x-auth-code',
    })
  }
}

function checkBrowser(request: IncomingRequest): void {
  const host = header(request, 'host')
  header(request, 'authority', host)
  header(request, 'origin', `http://${host}`)
  header(request, 'referer', `http://${host}/`)
  header(request, 'user-agent')
}

function modelOf(body: Body): Model {
  const given = body.model
  if (given === undefined) throw fieldError('model', 'missing', 'is missing')
  if (!isRecord(given)) {
    throw fieldError('model', 'wrong_type', 'must be the whole record { id, name, maxLength, tokenLimit }')
  }
  const id = typeof given.id === 'string' ? given.id : undefined
  if (id === undefined) throw fieldError('model.id', 'wrong_type', 'must be a string')
  const record = records.find((known) => known.id === knownModel(id, models))
  if (record === undefined) throw fieldError('model.id', 'wrong_value', 'is unknown')
  checkFieldNames(given, ['id', 'name', 'maxLength', 'tokenLimit'], { where: 'model' })
  for (const [field, expected] of Object.entries(record)) {
    if (given[field] === undefined) throw fieldError(`model.${field}`, 'missing', 'is missing')
    if (given[field] !== expected) {
      throw fieldError(
        `model.${field}`,
        'wrong_value',
        `is ${JSON.stringify(given[field])}; expected ${JSON.stringify(expected)}`,
      )
    }
  }
  return record
}

function checkLength(messages: readonly Message[], { id, maxLength }: Model): void {
  const length = messages.reduce((sum, { content }) => sum + Array.from(content).length, 0)
  if (length <= maxLength) return
  const message = `the messages have ${length} characters; the limit of ${id} is ${maxLength}`
  throw new RequestError(400, 'context_length_exceeded', message, { param: 'messages' })
}

/** Splits the text's bytes at tokens and inside characters: in the first multi-byte one, then in about half of them. */
function cut(tokens: readonly string[], chance: Random): Part[] {
  const bytes = Buffer.from(tokens.join(''))
  const cuts = new Set<number>()
  let at = 0
  let first = true
  for (const token of tokens) {
    for (const character of token) {
      const size = Buffer.byteLength(character)
      if (size > 1 && (first || chance.next() < 0.5)) {
        cuts.add(at + 1 + chance.below(size - 1))
        first = false
      }
      at += size
    }
    cuts.add(at)
  }
  let from = 0
  return [...cuts].map((to) => {
    const part: Part = { kind: 'content', bytes: bytes.subarray(from, to) }
    from = to
    return part
  })
}
