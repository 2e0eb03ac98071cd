import assert from 'node:assert/strict'
import type { ChatEvent } from '@rivulet/core'
import { askAndRead } from '../ask.ts'
import { fromLatin1, splitBytes } from '../bytes.ts'
import { isNoEventStream } from '../exemptions.ts'
import type { AnswerFixture } from '../fixtures.ts'
import { answering } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { eventsOf, joined } from '../reading.ts'
import { between, linesOf, mapData, withEnds, withMixedEnds } from '../sse-bytes.ts'

const BOM = '\u00ef\u00bb\u00bf'
/** Each spelling is also cut at places that follow from a seed. */
const SEEDS = { thorough: [undefined, 1, 2, 3, 4, 5, 6], sample: [undefined, 1] }

/** Other spellings of the same event stream, by how they differ. */
type Spellings = Readonly<Record<string, (lines: string[]) => Uint8Array>>

const lineEndings: Spellings = {
  LF: (lines) => withEnds(lines, '\n'),
  CR: (lines) => withEnds(lines, '\r'),
  CRLF: (lines) => withEnds(lines, '\r\n'),
  'LF, CR and CRLF mixed': (lines) => withMixedEnds(lines, 1),
  'mixed otherwise': (lines) => withMixedEnds(lines, 2),
  'a BOM': (lines) => Buffer.concat([fromLatin1(BOM), withEnds(lines, '\n')]),
  'no empty line at the end': (lines) => withEnds(lines, '\n').subarray(0, -1),
}

const spaced = (make: (event: number) => readonly string[]) => (lines: string[]) => withEnds(between(lines, make), '\n')

const oddities: Spellings = {
  comments: spaced(() => [': keepalive', ':', '']),
  'unknown fields': spaced((event) => [`id: ${event}`, 'retry: 3000', 'colour: blue', 'data2: {}', '']),
  'empty data': spaced(() => ['data:', '', 'data: ', '', 'data', '']),
  'a keepalive as data': spaced(() => ['data: : keepalive', '']),
  'empty events': spaced(() => ['', '', 'event: ping', '']),
  'data without a space': (lines) =>
    withEnds(
      mapData(lines, (data) => [`data:${data}`]),
      '\n',
    ),
  'data in two lines': (lines) => {
    const halved = mapData(lines, (data) =>
      data.startsWith('{') ? ['data: {', `data: ${data.slice(1)}`] : [`data: ${data}`],
    )
    return withEnds(halved, '\n')
  },
}

async function eventsIn(context: LawContext, what: string, text: AnswerFixture, seed?: number): Promise<ChatEvent[]> {
  const pieces = seed === undefined ? undefined : splitBytes(text.body, seed)
  return joined(eventsOf(await askAndRead(context, what, answering(text, 'chunked', pieces)), what))
}

async function expectSame(context: LawContext, spellings: Spellings): Promise<string> {
  const { text } = context.subject.answers
  const expected = await eventsIn(context, 'the answer as it is', text)
  for (const [name, spell] of Object.entries(spellings)) {
    const body = spell(linesOf(text.body))
    for (const seed of SEEDS[context.thorough ? 'thorough' : 'sample']) {
      const what = `${name}${seed === undefined ? '' : `, cut by seed ${seed}`}`
      assert.deepEqual(await eventsIn(context, what, { ...text, body }, seed), expected, `${what}: the events`)
    }
  }
  return `${Object.keys(spellings).length} spellings, the same events`
}

export const sseTolerance: readonly Law[] = [
  {
    name: 'all line endings, and a BOM, give the same events',
    rows: [16],
    anyTransport: true,
    exempts: isNoEventStream,
    run: (context) => expectSame(context, lineEndings),
  },
  {
    name: 'comments, unknown fields, empty data and other spellings of data are read as the SSE standard says',
    rows: [17],
    anyTransport: true,
    exempts: isNoEventStream,
    run: (context) => expectSame(context, oddities),
  },
  {
    name: 'an unknown event is ignored',
    rows: [17],
    anyTransport: true,
    exempts: isNoEventStream,
    run: (context) =>
      expectSame(context, { 'an unknown event': spaced(() => ['event: ping', 'data: {"type":"ping"}', '']) }),
  },
  {
    name: 'a data line that is not JSON is skipped and counted; as the first, it is an error',
    rows: [17],
    anyTransport: true,
    exempts: isNoEventStream,
    async run(context) {
      const { text } = context.subject.answers
      const expected = await eventsIn(context, 'the answer as it is', text)
      const spoilt = between(linesOf(text.body), (event) => (event === 1 ? ['data: not JSON', ''] : []))
      const events = await eventsIn(context, 'a line that is not JSON', { ...text, body: withEnds(spoilt, '\n') })
      const finish = expected.at(-1)
      assert.ok(finish?.type === 'finish')
      assert.deepEqual(events, [...expected.slice(0, -1), { ...finish, skipped: 1 }])
      const first = withEnds(['data: not JSON', '', ...linesOf(text.body)], '\n')
      const read = await askAndRead(context, 'a first line that is not JSON', answering({ ...text, body: first }))
      assert.ok(read.failure !== undefined, 'an answer whose first line is not JSON was accepted')
      return 'skipped and counted; an error as the first'
    },
  },
]
