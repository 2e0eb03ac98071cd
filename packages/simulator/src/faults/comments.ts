import type { Part } from '../dialect.ts'

/** Lines that the event stream standard allows between and inside events. The last ones are data that is not JSON. */
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

/** Also harmless before the first event, whose data must be JSON. */
const beforeFirst = ': welcome\n:\n\nretry: 1000\n\n'

/** Inserts all of these lines into an event stream, and varies how its data lines are written within the standard. */
export function eventNoise(parts: readonly Part[]): Part[] {
  const queue = [...aroundEvents]
  return parts.map(({ kind, bytes }, at) => {
    // A short answer gets the remaining noise before its end mark.
    const before = at === 0 ? beforeFirst : queue.splice(0, kind === 'end' ? Infinity : 1).join('')
    // One write may contain several events, with or without a name.
    const events = Buffer.from(bytes)
      .toString()
      .split(/\n\n/)
      .filter((event) => event !== '')
    return { kind, bytes: Buffer.from(`${before}${events.map((event) => writeEvent(event, at)).join('')}`) }
  })
}

function writeEvent(event: string, at: number): string {
  const [, name = '', data = ''] = /^((?:event: .*\n)?)data: (.*)$/s.exec(event) ?? []
  if (at % 3 === 0) return `${name}data: ${data}\n\n`
  if (at % 3 === 1 || !data.startsWith('{')) return `${name}data:${data}\n\n`
  // Joining the data lines adds line breaks only between JSON tokens, where they are white space.
  const lines = JSON.stringify(JSON.parse(data), null, 1).split('\n')
  return `${name}${lines.map((line) => `data: ${line}\n`).join('')}\n`
}

/** Inserts blank lines and white space between documents and, after the first, a line that is not JSON. */
export function lineNoise(parts: readonly Part[]): Part[] {
  const noise = ['', '\n', ': keepalive\n', '\r\n\n', ' \t']
  return parts.map(({ kind, bytes }, at) => ({
    kind,
    bytes: Buffer.concat([Buffer.from(noise[at % noise.length] ?? ''), bytes]),
  }))
}
