import type { ChatRequest, NativeRequest } from '@rivulet/core'
import { type IncomingCall, isRecord } from '@rivulet/core/provider'
import { DIALECT, HEADER_PREFIX } from '../dialect.ts'
import { JSON_INSTRUCTION } from '../json-instruction.ts'
import { readBody } from './read-body.ts'
import { refused } from './read-blocks.ts'
import { readMessages, readSystem } from './read-messages.ts'
import { readFormat, readToolChoice, readTools } from './read-tools.ts'
import { readThinking } from './thinking.ts'

type Fields = Readonly<Record<string, unknown>>

/** Body fields that map to a request field; all others are unnamed. */
const NAMED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'model',
  'max_tokens',
  'system',
  'messages',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
])

const NAMED_IN_MESSAGES: ReadonlySet<string> = /* @__PURE__ */ new Set(['role', 'content', 'output_config'])

/**
 * Reads a Messages body as a request. As in the API, the answer is one document unless the body says `stream: true`.
 *
 * @throws TypeError that names the field, for a body that the API would refuse.
 */
export function readRequest({ body: given, headers = {} }: IncomingCall): ChatRequest {
  const { text, fields: body } = readBody(given)
  const { model, max_tokens: maxTokens } = body
  if (typeof model !== 'string' || model === '') throw refused('model', 'must be a string that is not empty')
  if (!Number.isInteger(maxTokens) || Number(maxTokens) < 1)
    throw refused('max_tokens', 'must be a whole number above 0')
  const unnamed = new Set(Object.keys(body).filter((name) => !NAMED.has(name)))
  const config = isRecord(body.output_config) ? body.output_config : {}
  for (const name of Object.keys(config)) {
    if (name !== 'effort' && name !== 'format') unnamed.add(`output_config.${name}`)
  }
  const turns = Array.isArray(body.messages) ? body.messages.filter(isRecord) : []
  for (const name of turns.flatMap((turn) => Object.keys(turn))) {
    if (!NAMED_IN_MESSAGES.has(name)) unnamed.add(`messages.${name}`)
  }
  const system = readSystem('system', body.system)
  const wantsJson = system.at(-1)?.content === JSON_INSTRUCTION
  const messages = [...(wantsJson ? system.slice(0, -1) : system), ...readMessages(body.messages)]
  const tools = body.tools === undefined || body.tools === null ? undefined : readTools(body.tools, unnamed)
  const reasoning = readThinking(body.thinking, lastEffort(turns) ?? config.effort)
  const responseFormat = wantsJson ? 'json' : readFormat(config.format)
  const session = sessionOf(body, headers)
  const native: NativeRequest = {
    dialect: DIALECT,
    text,
    body,
    headers: nativeHeaders(headers),
    unnamed: [...unnamed],
  }
  return {
    model,
    messages,
    stream: body.stream === true,
    maxTokens: Number(maxTokens),
    ...numberIn(body, 'temperature', 'temperature'),
    ...numberIn(body, 'top_p', 'topP'),
    ...topKIn(body),
    ...stopIn(body),
    ...(tools !== undefined && { tools }),
    ...readToolChoice(body.tool_choice),
    ...(responseFormat !== undefined && { responseFormat }),
    ...(reasoning !== undefined && { reasoning }),
    ...(session !== undefined && { session }),
    native,
  }
}

/**
 * A system message may change the effort from there on, as Claude Code's do.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/effort (beta mid-conversation-output-config-2026-07-01)
 */
function lastEffort(turns: readonly Fields[]): unknown {
  const configs = turns.flatMap(({ output_config: config }) => (isRecord(config) ? [config.effort] : []))
  return configs.findLast((effort) => effort !== undefined && effort !== null)
}

function numberIn<Name extends string>(body: Fields, field: string, name: Name): Partial<Record<Name, number>> {
  const value = body[field]
  if (value === undefined || value === null) return {}
  if (typeof value !== 'number') throw refused(field, 'must be a number')
  // A computed key has the type of any string.
  return { [name]: value } as Partial<Record<Name, number>>
}

/** The API takes 0 too, for no limit. @see https://platform.claude.com/docs/en/api/messages (2026-11-20) */
function topKIn({ top_k: topK }: Fields): { topK?: number } {
  if (topK === undefined || topK === null || topK === 0) return {}
  if (!Number.isInteger(topK) || Number(topK) < 0) throw refused('top_k', 'must be a whole number, 0 or above')
  return { topK: Number(topK) }
}

function stopIn({ stop_sequences: stop }: Fields): { stop?: string[] } {
  if (stop === undefined || stop === null) return {}
  if (!Array.isArray(stop) || !stop.every((item) => typeof item === 'string')) {
    throw refused('stop_sequences', 'must be an array of strings')
  }
  return { stop }
}

/**
 * The conversation. Claude Code names it in a header, and in `metadata.user_id`: as the field `session_id` of a JSON text, or
 * after `_session_`.
 *
 * @see https://code.claude.com/docs/en/llm-gateway-protocol (2026-11-20)
 */
function sessionOf({ metadata }: Fields, headers: NonNullable<IncomingCall['headers']>): string | undefined {
  const named = headers['x-claude-code-session-id']
  if (named !== undefined && named !== '') return named
  const user = isRecord(metadata) ? metadata.user_id : undefined
  if (typeof user !== 'string' || user === '') return undefined
  const [, id] = /(?<="session_id"\s*:\s*"|_session_)([^"]+)/.exec(user) ?? []
  return id ?? user
}

/** Names of the accounts that pay: they are those of the server, not of its clients. */
const ACCOUNT = /organization|workspace|project|api-key|auth/

function nativeHeaders(headers: NonNullable<IncomingCall['headers']>): Record<string, string> {
  const own = Object.entries(headers).filter(
    (entry): entry is [string, string] =>
      entry[0].startsWith(HEADER_PREFIX) && !ACCOUNT.test(entry[0]) && entry[1] !== undefined,
  )
  return Object.fromEntries(own)
}
