import type { Simulator } from '../../src/index.ts'
import { type VendorDialect, send, type Sent, validRequest } from '../client.ts'

/** Requests to the vendors' dialects, with fields changed by a test, and their answers as JSON. */

/** Not validated here: the tests assert what they need. */
export type Json = Readonly<Record<string, unknown>>

export interface Answered {
  readonly status: number
  readonly body: Json
}

/** A valid request with some of its body fields changed; `undefined` removes one. */
export function changed(sim: Simulator, dialect: VendorDialect, fields: Json): Sent & { readonly body: Json } {
  const request = validRequest(sim, dialect)
  const body = Object.fromEntries(
    Object.entries({ ...request.body, ...fields }).filter(([, value]) => value !== undefined),
  )
  return { ...request, body }
}

export async function json(sim: Simulator, sent: Sent): Promise<Answered> {
  const { status, text } = await send(sim, sent)
  return { status, body: JSON.parse(text) as Json }
}

/** `GET` with the headers of a valid request. */
export async function get(sim: Simulator, dialect: VendorDialect, path: string): Promise<Answered> {
  return json(sim, {
    method: 'GET',
    path: `/${dialect}${path}`,
    headers: validRequest(sim, dialect).headers,
    body: undefined,
  })
}

/** The `data:` of each event. */
export function datas(text: string): Json[] {
  return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => JSON.parse(data) as Json)
}

export const weather = {
  type: 'object',
  properties: { location: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
  required: ['location', 'unit'],
}

export const time = { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] }

export const bothTools = 'call the weather tool and the time tool for Oslo, in celsius'
export const weatherInput = { location: 'Oslo', unit: 'celsius' }
export const zone = { zone: 'Europe/Oslo' }

export const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 18, maximum: 20 } },
  required: ['name', 'age'],
}

export const isPerson = (text: string): boolean => {
  const { name, age } = JSON.parse(text) as Json
  return typeof name === 'string' && Number.isInteger(age) && Number(age) >= 18 && Number(age) <= 20
}
