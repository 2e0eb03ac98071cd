import { inStream, both, type Dialect, type Slot, type Spelling } from './oddities.ts'
import type { Frame, Script } from './script.ts'

/** A body before it is cut: its bytes, and where its frames lie in them. */
export interface Body {
  contentType: string
  bytes: Uint8Array
  /** For each frame, where its data begins, where it ends, and where the reader knows that it has ended. */
  places: readonly Place[]
}

interface Place {
  from: number
  to: number
  /** Infinity where only the end of the body tells. */
  known: number
}

/** Oddities of the framing, whatever the dialect. */
export function framingSlots(framing: Dialect['framing']): readonly Slot[] {
  if (framing === 'text') return []
  const lines: Slot = { kinds: { crlf: inStream, 'line-ends-mixed': inStream } }
  const bom: Slot = { kinds: { bom: () => true } }
  const spacing: Slot = { kinds: { 'blank-lines': () => true } }
  const end: Slot = { kinds: { 'no-last-line-end': inStream } }
  const letters: Slot = { kinds: { escaped: () => true } }
  const type: Slot = { kinds: { 'type-absent': () => true, 'type-charset': () => true } }
  if (framing === 'ndjson') return [lines, bom, spacing, end, letters, type]
  return [
    { kinds: { ...lines.kinds, cr: inStream } },
    bom,
    spacing,
    end,
    letters,
    { kinds: { ...type.kinds, 'type-json': () => true, 'type-plain': () => true } },
    { kinds: { 'data-tight': inStream, 'data-in-lines': inStream } },
    { kinds: { comments: inStream, 'unknown-fields': inStream } },
    { kinds: { 'event-after-data': both(inStream, (_meant, has) => !has('crlf')) } },
  ]
}

const TYPES: Readonly<Record<Dialect['framing'], string>> = {
  sse: 'text/event-stream',
  ndjson: 'application/x-ndjson',
  text: 'text/plain',
}

/** Frames an answer. */
export function frame(script: Script, framing: Dialect['framing'], spelling: Spelling): Body {
  if (script.body !== undefined) {
    return { contentType: script.body.contentType, bytes: Buffer.from(script.body.content), places: [] }
  }
  if (framing === 'text') return textBody(script.frames)
  const isDocument = spelling.meant.form === 'document'
  const contentType = typeOf(isDocument ? 'application/json' : TYPES[framing], framing, spelling)
  if (isDocument) return documentBody(script.frames, { contentType, spelling })
  return streamBody(script.frames, { contentType, framing, spelling })
}

function typeOf(usual: string, framing: Dialect['framing'], { has }: Spelling): string {
  if (has('type-absent')) return ''
  if (has('type-charset')) return `${usual}; charset=utf-8`
  if (framing === 'ndjson') return usual
  if (has('type-json')) return 'application/json'
  return has('type-plain') ? 'text/plain' : usual
}

function textBody(frames: readonly Frame[]): Body {
  const pieces = frames.map(({ raw = '' }) => Buffer.from(raw))
  let at = 0
  const places = pieces.map(({ length }) => ({ from: at, to: (at += length), known: at }))
  return { contentType: TYPES.text, bytes: Buffer.concat(pieces), places }
}

function documentBody(
  frames: readonly Frame[],
  { contentType, spelling: { has } }: { contentType: string; spelling: Spelling },
): Body {
  const json = frames.map((one) => dataOf(one, has('escaped'))).join('')
  const before = Buffer.from(`${has('bom') ? '\u{feff}' : ''}${has('blank-lines') ? '\n\n \r\n' : ''}`)
  const bytes = Buffer.concat([before, Buffer.from(json)])
  return { contentType, bytes, places: frames.map(() => ({ from: before.length, to: bytes.length, known: Infinity })) }
}

function dataOf({ json, raw }: Frame, isEscaped: boolean, indent?: number): string {
  if (raw !== undefined) return raw
  const text = JSON.stringify(json, undefined, indent)
  if (!isEscaped) return text
  return text.replaceAll(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

interface Streaming {
  contentType: string
  framing: Dialect['framing']
  spelling: Spelling
}

/** A frame in lines; `data` is the lines that carry it. */
interface Lines {
  before: readonly string[]
  data: readonly string[]
  after: readonly string[]
  /** The length of the field name before the data, of which a cut leaves nothing to tell. */
  lead?: number
}

function streamBody(frames: readonly Frame[], { contentType, framing, spelling }: Streaming): Body {
  const { has, roll } = spelling
  const lineEnd = roll('line ends')
  const ends = (): string => {
    if (has('crlf')) return '\r\n'
    if (framing === 'sse' && has('cr')) return '\r'
    // No CR alone before a LF: together they would be one.
    return has('line-ends-mixed') ? lineEnd.pick(['\n', '\r\n']) : '\n'
  }
  const pieces: Buffer[] = []
  let length = 0
  const write = (text: string): void => {
    const piece = Buffer.from(text)
    pieces.push(piece)
    length += piece.length
  }
  if (has('bom')) write('\u{feff}')
  if (has('blank-lines')) write(ends() + ends())
  const noise = roll('framing noise')
  const places = frames.map((one, index): Place => {
    const {
      before,
      data,
      after,
      lead = 0,
    } = framing === 'sse' ? sseLines(one, spelling, noise) : ndjsonLines(one, spelling)
    for (const line of before) write(line + ends())
    const from = length + lead
    write(data[0] ?? '')
    for (const line of data.slice(1)) write(ends() + line)
    const to = length
    for (const line of after) write(ends() + line)
    const isLast = index === frames.length - 1
    if (isLast && has('no-last-line-end')) return { from, to, known: Infinity }
    write(ends())
    if (framing === 'sse') write(ends())
    const known = length
    if (has('blank-lines') && noise.chance(0.4)) write(ends())
    return { from, to, known }
  })
  return { contentType, bytes: Buffer.concat(pieces), places }
}

function ndjsonLines(one: Frame, { has }: Spelling): Lines {
  return { before: [], data: [dataOf(one, has('escaped'))], after: [] }
}

const PLAIN_FIELDS = ['id: 7', 'retry: 3000', 'vendor: x', 'dat: y', 'event'] as const

const fieldOf = ({ has }: Pick<Spelling, 'has'>): string => (has('data-tight') ? 'data:' : 'data: ')

function sseLines(
  one: Frame,
  { has }: Spelling,
  noise: { chance: (p: number) => boolean; pick: <T>(of: readonly T[]) => T },
): Lines {
  const before: string[] = []
  if (has('comments') && noise.chance(0.5)) before.push(noise.pick([': keepalive', ':', ': OPENROUTER PROCESSING']))
  if (has('unknown-fields') && noise.chance(0.5)) before.push(noise.pick(PLAIN_FIELDS))
  if (one.bare === true) return { before, data: [dataOf(one, has('escaped'))], after: [] }
  const inLines = has('data-in-lines') && one.raw === undefined
  const field = fieldOf({ has })
  const data = dataOf(one, has('escaped'), inLines ? 1 : undefined)
    .split('\n')
    .map((line) => field + line)
  const name = one.event === undefined ? [] : [`event: ${one.event}`]
  const lead = field.length
  return has('event-after-data')
    ? { before, data, after: name, lead }
    : { before: [...before, ...name], data, after: [], lead }
}
