import assert from 'node:assert/strict'
import type { ChatEvent, ChatRequest } from '@rivulet/core'
import { type EncodedRequest, httpProvider, type IncomingCall, type Protocol, settings } from '@rivulet/core/provider'
import { singleBytes, splitBytes } from '../bytes.ts'
import { readAll } from '../reading.ts'
import { START } from './answers.ts'

/** Two-piece cuts of each answer; a longer answer is cut at that many places. */
const MAX_CUTS = 200
const SEEDS = 16

/** A request as it comes in. */
export function incoming({ path, body, json, headers }: EncodedRequest): IncomingCall & { body: string } {
  const url = new URL(path, 'http://acme.example')
  return {
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { 'content-type': 'application/json', ...headers },
    body: json ?? JSON.stringify(body),
  }
}

/** The events of an answer with its frames, as a provider gives them to a server of the same dialect. */
export async function framesOf(
  protocol: Protocol,
  question: ChatRequest,
  contentType: string,
  body: string,
): Promise<readonly ChatEvent[]> {
  const id = START.provider
  const info = { name: id, url: 'http://acme.example', auth: 'none', streaming: true, models: [] } as const
  const provider = httpProvider(
    {
      id,
      info: { ...info, settings: settings({ stream: undefined, reasoning: undefined }) },
      protocol,
      baseUrl: info.url,
    },
    {
      transport: async () => ({
        status: 200,
        headers: { 'content-type': contentType },
        body: ReadableStream.from([Buffer.from(body)]),
      }),
    },
  )
  const { events, failure } = await readAll(provider.stream(question, { raw: true }))
  assert.equal(failure, undefined)
  return events
}

/** A body cut in two at many places, cut by seeds, and cut into bytes. */
export function* cutsOf(body: string): Generator<{ cut: string; pieces: readonly Uint8Array[] }> {
  const bytes = Buffer.from(body)
  const step = Math.max(1, bytes.length / MAX_CUTS)
  for (let at = 1; at < bytes.length; at += step) {
    const place = Math.floor(at)
    yield { cut: `cut at byte ${place}`, pieces: splitBytes(bytes, [place]) }
  }
  for (let seed = 1; seed <= SEEDS; seed++) yield { cut: `cut by seed ${seed}`, pieces: splitBytes(bytes, seed) }
  yield { cut: 'cut into bytes', pieces: singleBytes(bytes) }
}
