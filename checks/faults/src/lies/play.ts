import type { ChatRequest, HttpResponse, Provider, Transport } from '@rivulet/core'
import { subjectOf } from '../subjects.ts'
import type { Delivery } from './ending.ts'
import { read, type Reading } from './reading.ts'

/** Reads what a transport would deliver. */
export type Reader = (delivery: Delivery) => Promise<Reading>

const DONE = { done: true, value: undefined } as const

function bodyOf({ pieces, isReset }: Delivery): HttpResponse['body'] {
  let at = 0
  let isClosed = false
  const next = (): Promise<IteratorResult<Uint8Array, undefined>> => {
    const value = isClosed ? undefined : pieces[at++]
    if (value !== undefined) return Promise.resolve({ done: false, value })
    return isReset && !isClosed ? Promise.reject(new Error('the connection was reset')) : Promise.resolve(DONE)
  }
  const close = (): Promise<IteratorResult<Uint8Array, undefined>> => {
    isClosed = true
    return Promise.resolve(DONE)
  }
  return { [Symbol.asyncIterator]: () => ({ next, return: close }) }
}

/** Wraps a provider before it is read: the tests make it a wrong one. */
export type Around = (provider: Provider) => Provider

/** The provider that a subject proves, over a transport from memory. */
export async function readerOf(subject: string, around: Around = (provider) => provider): Promise<Reader> {
  const { provider, request } = await subjectOf(subject)
  const deliveries = new Map<string, Delivery>()
  let calls = 0
  const transport: Transport = ({ headers }) => {
    const delivery = deliveries.get(headers[NUMBER] ?? '')
    if (delivery === undefined) throw new TypeError('Nothing is to be delivered.')
    const { contentType } = delivery
    return Promise.resolve({
      status: 200,
      headers: { ...(contentType !== '' && { 'content-type': contentType }) },
      body: bodyOf(delivery),
    })
  }
  // One provider for all streams: a header names the stream that is asked for.
  const asked = around(provider({ transport }))
  const chat: ChatRequest = { model: request.model, messages: request.messages }
  return async (delivery) => {
    const number = String(calls++)
    deliveries.set(number, delivery)
    try {
      return await read(asked.stream(chat, { headers: { [NUMBER]: number }, raw: delivery.isRaw }))
    } finally {
      deliveries.delete(number)
    }
  }
}

const NUMBER = 'x-stream-number'
