/** What becomes of a request on its way to an endpoint of each dialect. */

import { isDeepStrictEqual } from 'node:util'
import { ChatError, collect, type ChatRequest } from '@rivulet/core'
import type { DialectSides } from '@rivulet/dialects/dialects'
import { recordingTransport } from '@rivulet/dialects/recording'
import type { Simulator } from '@rivulet/simulator'
import { losses } from './losses.ts'
import { members } from './members.ts'

export interface Way {
  /** The endpoint has answered 200. */
  accepted: boolean
  /** Nothing was sent: the request means what the dialect has no word for, and a group asks its next member. */
  unsupported: boolean
  /** Why it was not accepted. */
  reason: string
  dropped: readonly string[]
  /** The body that was sent; `undefined` if none was. */
  sent: string | undefined
  /** What was in the request, is not in the body, and was not named. */
  lost: readonly string[]
}

/** Sends a request to the simulator's endpoint of a dialect. */
export async function send(sim: Simulator, request: ChatRequest, to: DialectSides): Promise<Way> {
  const { transport, requests } = recordingTransport()
  const provider = to.provider({ apiKey: 'key-of-the-check', baseUrl: sim.baseUrl(to.simulated), transport })
  const way: Way = { accepted: false, unsupported: false, reason: '', dropped: [], sent: undefined, lost: [] }
  try {
    const { dropped = [] } = await collect(provider.stream({ ...request, model: to.model }, { unsupported: 'drop' }))
    Object.assign(way, { accepted: true, dropped })
  } catch (error) {
    way.unsupported = error instanceof ChatError && error.code === 'unsupported' && requests.length === 0
    way.reason = withoutValues(error)
  }
  const [sent] = requests
  if (typeof sent?.body !== 'string') return way
  way.sent = sent.body
  const { pathname: path, searchParams } = new URL(sent.url)
  const arrived = to.server.read({
    path: path.slice(new URL(sim.baseUrl(to.simulated)).pathname.length),
    query: Object.fromEntries(searchParams),
    body: sent.body,
  })
  if (way.accepted) way.lost = losses(request, arrived.request, way.dropped)
  return way
}

/** Long quotations may be what an agent said. */
export const withoutValues = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/(["'`])(?:(?!\1).){40,}\1/gs, '$1…$1')

/** What the provider may change of a request in its own dialect. */
const OURS = new Set(['model', 'stream', 'stream_options'])

/** OpenAI's models take the limit of a chat completion in the second of these: it is moved there as it is. */
const LIMITS = ['max_tokens', 'max_completion_tokens']

/** Names what differs between two bodies of one dialect, though nothing may. */
export function differences(came: string, sent: string): string[] {
  const [before, after] = [ownMembers(came), ownMembers(sent)]
  const values = new Map(after)
  const changed = before.flatMap(([name, value]) => {
    const now = values.get(name)
    if (now === undefined) return [`${name} is missing`]
    if (!isDeepStrictEqual(JSON.parse(now), JSON.parse(value))) return [`${name} differs`]
    return now === value ? [] : [`${name} is written another way`]
  })
  const names = new Set(before.map(([name]) => name))
  const added = after.flatMap(([name]) => (names.has(name) ? [] : [`${name} is added`]))
  const all = [...changed, ...added]
  const order = (list: [string, string][]): string => list.map(([name]) => name).join(' ')
  return all.length > 0 || order(before) === order(after) ? all : ['the order of the fields differs']
}

/** The limit, if there is one, comes last. */
function ownMembers(text: string): [name: string, value: string][] {
  const all = members(text).filter(([name]) => !OURS.has(name))
  const limits = all.filter(([name]) => LIMITS.includes(name)).map(([, value]): [string, string] => ['limit', value])
  return [...all.filter(([name]) => !LIMITS.includes(name)), ...limits]
}

/** A request without the tools that only its own dialect has; `undefined` if it has none. */
export function withoutOwnTools(request: ChatRequest): { request: ChatRequest; left: string[] } | undefined {
  const { tools = [], ...rest } = request
  const kept = tools.filter(({ type }) => type !== 'native')
  if (kept.length === tools.length) return undefined
  const left = tools.flatMap((tool) => (tool.type === 'native' ? [String(tool.value.type)] : []))
  return { request: { ...rest, ...(kept.length > 0 && { tools: kept }) }, left }
}
