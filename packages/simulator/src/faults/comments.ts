import type { Part } from '../dialect.ts'

/** What the event stream standard lets stand between and inside events. The last ones are data that is no JSON. */
const aroundEvents = [
  ': a comment\n',
  ':\n\n',
  ': keepalive\n\n',
  'event: ping\ndata: {"type":"ping"}\n\n',
  'id: 7\nretry: 3000\nx-unknown: field\nfield-without-colon\n',
  'event: nothing-known\ndata: {}\n\n',
  'event: without-data\n\n',
  'data:\n\n',
  'data\n\n',
  'data: : keepalive\n\n',
]

/** Harmless in front of the first event, too: the first data must be JSON. */
const beforeFirst = ': welcome\n:\n\nretry: 1000\n\n'

/** An event stream with all of it sprinkled in, and its data lines spelt in turn in every way the standard allows. */
export function eventNoise(parts: readonly Part[]): Part[] {
  const queue = [...aroundEvents]
  return parts.map(({ kind, bytes }, at) => {
    // A short answer gets what is left of the noise at its end.
    const before = at === 0 ? beforeFirst : queue.splice(0, kind === 'end' ? Infinity : 1).join('')
    // One write may hold several events, each with its name or without.
    const events = Buffer.from(bytes)
      .toString()
      .split(/\n\n/)
      .filter((event) => event !== '')
    return { kind, bytes: Buffer.from(`${before}${events.map((event) => spelt(event, at)).join('')}`) }
  })
}

function spelt(event: string, at: number): string {
  const [, name = '', data = ''] = /^((?:event: .*\n)?)data: (.*)$/s.exec(event) ?? []
  if (at % 3 === 0) return `${name}data: ${data}\n\n`
  if (at % 3 === 1 || !data.startsWith('{')) return `${name}data:${data}\n\n`
  // The line breaks that joining puts in are white space between the tokens of the JSON.
  const lines = JSON.stringify(JSON.parse(data), null, 1).split('\n')
  return `${name}${lines.map((line) => `data: ${line}\n`).join('')}\n`
}

/** Documents on lines with blank lines, white space and, after the first, a line that is no JSON. */
export function lineNoise(parts: readonly Part[]): Part[] {
  const noise = ['', '\n', ': keepalive\n', '\r\n\n', ' \t']
  return parts.map(({ kind, bytes }, at) => ({
    kind,
    bytes: Buffer.concat([Buffer.from(noise[at % noise.length] ?? ''), bytes]),
  }))
}
