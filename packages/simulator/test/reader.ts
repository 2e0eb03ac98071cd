import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import type { Simulator } from '../src/index.ts'
import { headOf, type Sent, start } from './client.ts'
import type { Form } from './forms.ts'
import { isOfToday, readAs } from './readers-of-today.ts'

/** What a careful reader makes of an answer: it throws where the answer is not whole, or not right. */
export interface Read {
  readonly text: string
  readonly calls: readonly { readonly name: string; readonly input: unknown }[]
}

const limit = 256 * 1024

interface Call {
  name: string
  json: string
}

/** What the last event of an answer holds. */
const marks: Readonly<Record<string, string>> = {
  anthropic: '"message_stop"',
  google: '"finishReason"',
  'openai-responses': '"response.completed"',
}

/** Sends a request and reads its answer as the standards say, within bounds. */
export async function read(sim: Simulator, sent: Sent, { framing, dialect }: Form): Promise<Read> {
  const request = start(sim, sent)
  try {
    const response = await headOf(request)
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode ?? 0}`)
    // Behind the end mark there is nothing for a reader, though the connection may stay open.
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
    return isOfToday(dialect) ? readAs(dialect, documentsIn(text, framing)) : understood(text, framing)
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

/** Names of events that belong to a dialect. */
const known = /^(?:error|(?:message|content_block)_\w+|response\..*)?$/

function understood(body: string, framing: Form['framing']): Read {
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

/** The data of each event that is nobody else's, as the standard says. */
function dataOf(body: string, own = known): string[] {
  const found: string[] = []
  let data: string[] = []
  let event = ''
  const lines = body.split(/\r\n|\r|\n/)
  // What is not ended by a line end is no line.
  for (const line of lines.slice(0, -1)) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (line === '') {
      if (data.length > 0 && own.test(event)) found.push(data.join('\n'))
      data = []
      event = ''
    } else if (name === 'data') data.push(value)
    else if (name === 'event') event = value
  }
  return found
}

/** The JSON among the data. What is no JSON is passed over, unless it comes first. */
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
    readonly delta?: Said
    readonly message?: Said
    readonly finish_reason: string | null
  }[]
}

interface Said {
  readonly content?: string | null
  readonly tool_calls?: readonly { index?: number; id?: string; function: { name?: string; arguments: string } }[]
}

function assembled(chunks: readonly unknown[], ended: boolean): Read {
  let text = ''
  let finished = ended && chunks.length === 0 ? 'never' : ''
  const calls: Call[] = []
  const open = new Map<number | undefined, Call>()
  for (const chunk of chunks as readonly Chunk[]) {
    if (chunk.error !== undefined) throw new Error('an error in band')
    for (const choice of chunk.choices ?? []) {
      if (finished !== '') throw new Error('content behind the finish reason')
      const said = choice.delta ?? choice.message ?? {}
      text += said.content ?? ''
      for (const { index, id, function: part } of said.tool_calls ?? []) {
        // An id begins a call, whatever its index.
        const call = id === undefined ? open.get(index) : { name: part.name ?? '', json: '' }
        if (call === undefined) throw new Error('arguments of no call')
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
