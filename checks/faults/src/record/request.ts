import type { ChatRequest, HttpRequest, Provider, ProviderOptions, RecordedExchange, Transport } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { read } from './outcome.ts'

export type Make = (options: ProviderOptions) => Provider
type Written = RecordedExchange['request']

/** What a recording writes in place of what is not to be compared. */
const CONCEALED = '***'

/** The recorded request as the provider sends it to its own address, and not to a relay or a simulator. */
export async function atHome(
  recorded: Written,
  { make, request, baseUrl }: { make: Make; request: ChatRequest; baseUrl: string },
): Promise<Written> {
  const away = baseUrl.replace(/\/+$/, '')
  const whole = (url: string): string => url.split('?', 1)[0] ?? ''
  const path = whole(recorded.url.slice(away.length))
  const home = whole((await sentBy(make, request)).url).slice(0, -path.length)
  const text = JSON.stringify(recorded)
    .replaceAll(away, home)
    .replaceAll(new URL(away).origin, new URL(home).origin)
    .replaceAll(new URL(away).host, new URL(home).host)
  // The shape is that of `recorded`.
  return JSON.parse(text) as Written
}

/** The recorded request with `***` where the provider writes something else each time, such as the id of a conversation. */
export async function withoutChance(recorded: Written, make: Make, request: ChatRequest): Promise<Written> {
  const [one, other] = [await sentBy(make, request), await sentBy(make, request)]
  return { ...recorded, body: concealed(recorded.body, bodyOf(one), bodyOf(other)) }
}

function concealed(recorded: unknown, one: unknown, other: unknown): unknown {
  if (Array.isArray(recorded) && Array.isArray(one) && Array.isArray(other)) {
    return recorded.map((item, at) => concealed(item, one[at], other[at]))
  }
  if (isRecord(recorded) && isRecord(one) && isRecord(other)) {
    return Object.fromEntries(
      Object.entries(recorded).map(([name, value]) => [name, concealed(value, one[name], other[name])]),
    )
  }
  return typeof recorded === 'string' && one !== other ? CONCEALED : recorded
}

function bodyOf({ body }: HttpRequest): unknown {
  try {
    return typeof body === 'string' ? JSON.parse(body) : body
  } catch {
    return body
  }
}

/** The request that a provider sends to its own address. Nothing is sent. */
async function sentBy(make: Make, request: ChatRequest): Promise<HttpRequest> {
  let sent: HttpRequest | undefined
  const transport: Transport = (asked) => {
    sent = asked
    return Promise.reject(new Error('only the request is needed'))
  }
  await read(make({ transport }), request)
  if (sent === undefined) throw new Error('The provider sends nothing.')
  return sent
}
