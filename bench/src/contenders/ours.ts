import { collect, pipe, type Provider, retry, textOf } from '@rivulet/core'
import { fetchTransport } from '@rivulet/core/fetch'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { failover } from '@rivulet/router'
import { streams, type Work } from '../contender.ts'

export const REQUEST = { model: 'gpt-4', messages: [{ role: 'user' as const, content: 'Hello' }] }

/** Made once for each URL, as in a program, not once for each stream. */
function each(make: (baseUrl: string) => Provider): (baseUrl: string) => Provider {
  const made = new Map<string, Provider>()
  return (baseUrl) => {
    const known = made.get(baseUrl) ?? make(baseUrl)
    made.set(baseUrl, known)
    return known
  }
}

/** Event by event, for a program that needs more than the text. */
export function eventByEvent(make: (baseUrl: string) => Provider): Work {
  const provider = each(make)
  return streams(async (baseUrl, take) => {
    for await (const event of provider(baseUrl).stream(REQUEST)) if (event.type === 'text') take(event.text)
  })
}

const plain = each((baseUrl) => openaiCompatible({ baseUrl }))

export const events = eventByEvent((baseUrl) => openaiCompatible({ baseUrl }))

export const text = streams(async (baseUrl, take) => {
  for await (const piece of textOf(plain(baseUrl).stream(REQUEST))) take(piece)
})

export const whole = streams(async (baseUrl, take) => {
  const { text } = await collect(plain(baseUrl).stream(REQUEST))
  take(text)
})

/** Every provider has deadlines; this adds a layer and a group. */
export const group = eventByEvent((baseUrl) => failover([pipe(openaiCompatible({ baseUrl }), retry())]))

/** Without deadlines for the connection: ten thousand calls at once wait long for theirs. */
export const patient = eventByEvent((baseUrl) =>
  openaiCompatible({ baseUrl, deadlines: { connectMs: Infinity, firstTokenMs: Infinity } }),
)

export const byFetch = eventByEvent((baseUrl) => openaiCompatible({ baseUrl, transport: fetchTransport() }))
