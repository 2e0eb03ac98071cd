import type { ChatRequest } from '@rivulet/core'
import type { IncomingCall } from '@rivulet/core/provider'
import { DIALECT } from '../wire-part.ts'
import { readBody } from './read-body.ts'
import { readConfig } from './read-config.ts'
import { readContents, readInstruction } from './read-contents.ts'
import { readTools } from './read-tools.ts'

/** How the client wants its answer: as events, as a list that comes in pieces, or whole. */
export type Form = 'events' | 'list' | 'document'

export interface ReadRequest {
  request: ChatRequest
  form: Form
  includeThoughts: boolean
}

/** The fields of the body that a request has fields for; the model of the path precedes that of the body. */
const NAMED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'model',
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'generationConfig',
])
const TOOL_CONFIG: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'functionCallingConfig',
  'includeServerSideToolInvocations',
])

/** @throws TypeError that names the field. */
export function readRequest(
  { path, query = {}, headers = {}, body: given }: IncomingCall,
  isSealed: boolean,
): ReadRequest {
  const { model, isStream } = readPath(path)
  const { text, object, fields } = readBody(given)
  const { settings, includeThoughts, unnamed } = readConfig(fields)
  const messages = [...readInstruction(fields), ...readContents(fields, isSealed)]
  const toolConfig = fields.object('toolConfig')?.names ?? []
  const request: ChatRequest = {
    model,
    messages,
    ...(!isStream && { stream: false }),
    ...settings,
    ...readTools(fields),
    native: {
      dialect: DIALECT,
      text,
      body: object,
      headers: nativeHeaders(headers),
      unnamed: [
        ...fields.names.filter((name) => !NAMED.has(name)),
        ...toolConfig.filter((name) => !TOOL_CONFIG.has(name)).map((name) => `toolConfig.${name}`),
        ...unnamed,
      ],
    },
  }
  return { request, form: isStream ? (query.alt === 'sse' ? 'events' : 'list') : 'document', includeThoughts }
}

function readPath(path: string): { model: string; isStream: boolean } {
  const [, name = '', method = ''] = /\/models\/(.+):([A-Za-z]+)$/.exec(path) ?? []
  if (name === '') throw new TypeError('the path must be as /v1beta/models/<model>:generateContent.')
  if (method !== 'generateContent' && method !== 'streamGenerateContent') {
    throw new TypeError(`the method must be generateContent or streamGenerateContent, got "${method.slice(0, 40)}".`)
  }
  return { model: decoded(name), isStream: method === 'streamGenerateContent' }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    throw new TypeError("the path must be percent-encoded: the model's name in it is not.")
  }
}

/** Accounts and credentials are those of the server, not of its clients. */
const ACCOUNT = /key|token|auth|user|project|organization/

function nativeHeaders(headers: NonNullable<IncomingCall['headers']>): Record<string, string> {
  const own = Object.entries(headers).filter(
    (entry): entry is [string, string] =>
      entry[0].startsWith('x-goog-') && !ACCOUNT.test(entry[0]) && entry[1] !== undefined,
  )
  return Object.fromEntries(own)
}
