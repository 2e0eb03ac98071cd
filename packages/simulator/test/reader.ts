import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import type { Simulator } from '../src/index.ts'
import { headOf, type Sent, start } from './client.ts'
import type { Form } from './forms.ts'
import { isVendorDialect, readVendorAnswer } from './vendor-readers.ts'

/** The result of a correct reader, which throws if an answer is incomplete or malformed. */
export interface Read {
  readonly text: string
  readonly calls: readonly { readonly name: string; readonly input: unknown }[]
}

const limit = 256 * 1024

interface Call {
  name: string
  json: string
}

/** A text in the last event of an answer, by dialect. */
const marks: Readonly<Record<string, string>> = {
  anthropic: '"message_stop"',
  google: '"finishReason"',
  'openai-responses': '"response.completed"',
}

/** Sends a request and reads its answer according to the standards, with a size limit. */
export async function read(sim: Simulator, sent: Sent, { framing, dialect }: Form): Promise<Read> {
  const request = start(sim, sent)
  try {
    const response = await headOf(request)
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode ?? 0}`)
    // Stop reading at the end mark: the connection may stay open after it.
    const mark = marks[dialect] ?? '[DONE]'
    const enough = (body: string): boolean =>
      dialect === 'ollama'
        ? framing === 'lines' && /"done":true.*\n/.test(body)
        : framing === 'sse' && body.includes(mark) && dataOf(body).some((data) => data.includes(mark))
    const bytes = await decoded(response, response.headers['content-encoding'], enough)
    const type = (response.headers['content-type'] ?? '').split(';')[0] ?? ''
    const expected = {
      sse: 'text/event-stream',
      lines: 'application/x-ndjson',
      document: 'application/json',
      text: 'text/plain',
    }
    if (type !== expected[framing]) throw new Error(`content type ${type}`)
    // A decoder that is not fatal still removes the byte order mark.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return isVendorDialect(dialect)
      ? readVendorAnswer(dialect, documentsIn(text, framing))
      : readOriginalAnswer(text, framing)
  } finally {
    request.destroy()
  }
}

async function decoded(
  response: Readable,
  coding: string | undefined,
  enough: (body: string) => boolean,
): Promise<Buffer> {
  const decoders = {
    gzip: createGunzip,
    br: createBrotliDecompress,
    zstd: createZstdDecompress,
    deflate: createInflate,
    '': () => new PassThrough(),
  }
  if (!(coding === undefined || coding === 'gzip' || coding === 'br' || coding === 'zstd' || coding === 'deflate')) {
    throw new Error(`coding ${coding}`)
  }
  const decoder = decoders[coding ?? '']()
  response.once('error', (error) => decoder.destroy(error))
  response.pipe(decoder)
  const chunks: Buffer[] = []
  let body = ''
  for await (const chunk of decoder as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    body += chunk.toString('latin1')
    if (body.length > limit) throw new Error('too large')
    if (enough(body)) return Buffer.concat(chunks)
  }
  if (!response.readableEnded) await once(response, 'end')
  return Buffer.concat(chunks)
}

/** The JSON documents of an answer, in order. */
function documentsIn(body: string, framing: Form['framing']): unknown[] {
  if (framing === 'document') return [parsed(body)]
  return documents(framing === 'sse' ? dataOf(body, known) : body.split('\n').map((line) => line.trim()))
}

/** Event names that a dialect defines. */
const known = /^(?:error|(?:message|content_block)_\w+|response\..*)?$/

function readOriginalAnswer(body: string, framing: Form['framing']): Read {
  switch (framing) {
    case 'text':
      return { text: body, calls: [] }
    case 'document':
      return assembled([parsed(body)], true)
    case 'lines':
      return assembled(documents(body.split('\n').map((line) => line.trim())), true)
    case 'sse': {
      const datas = dataOf(body)
      const end = datas.indexOf('[DONE]')
      return assembled(documents(end < 0 ? datas : datas.slice(0, end)), end >= 0)
    }
  }
}

/** The data of each event with a known name, parsed according to the standard. */
function dataOf(body: string, names = known): string[] {
  const found: string[] = []
  let data: string[] = []
  let event = ''
  const lines = body.split(/\r\n|\r|\n/)
  // Without a line ending it is not a line.
  for (const line of lines.slice(0, -1)) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (line === '') {
      if (data.length > 0 && names.test(event)) found.push(data.join('\n'))
      data = []
      event = ''
    } else if (name === 'data') data.push(value)
    else if (name === 'event') event = value
  }
  return found
}

/** The JSON documents among the data. Invalid JSON is skipped unless it comes first. */
function documents(datas: readonly string[]): unknown[] {
  return datas
    .filter((data) => data !== '')
    .flatMap((data, at) => {
      try {
        return [parsed(data)]
      } catch (error) {
        if (at === 0) throw error
        return []
      }
    })
}

const parsed = (json: string): unknown => JSON.parse(json)

interface Chunk {
  readonly error?: unknown
  readonly choices?: readonly {
    readonly delta?: ChunkMessage
    readonly message?: ChunkMessage
    readonly finish_reason: string | null
  }[]
}

interface ChunkMessage {
  readonly content?: string | null
  readonly tool_calls?: readonly { index?: number; id?: string; function: { name?: string; arguments: string } }[]
}

function assembled(chunks: readonly unknown[], ended: boolean): Read {
  let text = ''
  let finished = ended && chunks.length === 0 ? 'never' : ''
  const calls: Call[] = []
  const open = new Map<number | undefined, Call>()
  for (const chunk of chunks as readonly Chunk[]) {
    if (chunk.error !== undefined) throw new Error('an in-band error')
    for (const choice of chunk.choices ?? []) {
      if (finished !== '') throw new Error('content after the finish reason')
      const message = choice.delta ?? choice.message ?? {}
      text += message.content ?? ''
      for (const { index, id, function: part } of message.tool_calls ?? []) {
        // An id begins a call, whatever its index.
        const call = id === undefined ? open.get(index) : { name: part.name ?? '', json: '' }
        if (call === undefined) throw new Error('arguments without a call')
        if (id !== undefined) calls.push(call)
        open.set(index, call)
        call.json += part.arguments
      }
      finished = choice.finish_reason ?? ''
    }
  }
  if (finished === '' || finished === 'never') throw new Error('truncated')
  return { text, calls: calls.map(({ name, json }) => ({ name, input: parsed(json === '' ? '{}' : json) })) }
}
