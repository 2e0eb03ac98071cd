import { retry, type Transport } from '@rivulet/core'
import { undiciTransport } from '@rivulet/core/undici'
import { expect, test } from 'vitest'
import { laws, type Proof, prove, type ProveOptions, type Subject } from '../src/index.ts'
import { lawsLike } from './support/broken.ts'
import { mini, subjectOf } from './support/mini.ts'
import { inOnePiece } from './support/wrong.ts'
import { wrongLayers } from './support/wrong-layers.ts'
import { wrongDocuments } from './support/wrong-documents.ts'
import { wrongConduct } from './support/wrong-conduct.ts'
import { wrongDecoding } from './support/wrong-decoding.ts'

const right = subjectOf((options) => mini(options))

const OF_GROUPS = new Set(laws.filter(({ ofGroups }) => ofGroups === true).map(({ name }) => name))
const isExempt = (law: string, observed: string): boolean =>
  OF_GROUPS.has(law) ||
  /one document|no fixture cutToolCall|body ends|server-sent events|answers are JSON/.test(observed)

const undici: ProveOptions = { transports: { undici: () => undiciTransport() }, thorough: false }

const tries: [name: string, subject: Subject, options: ProveOptions][] = [
  ['streamed, over both transports', right, { forms: ['streamed'], thorough: false }],
  ['in one piece', right, { ...undici, forms: ['one piece'] }],
  ['wrapped in a layer', { ...right, wrap: retry({ attempts: 1 }) }, { ...undici, forms: ['streamed'] }],
]

test.each(tries)('a right provider obeys every law: %s', async (_name, subject, options) => {
  for await (const { law, ok, observed } of prove(subject, options)) {
    expect({ law, observed, ok }).toEqual({ law, observed, ok: isExempt(law, observed) ? undefined : true })
  }
})

/** Transports that deliver the same bytes in other pieces. */
const rechunking: Readonly<Record<string, (body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>>> = {
  'all at once': inOnePiece,
  'byte by byte': async function* (body) {
    for await (const chunk of body) yield* Array.from(chunk, (byte) => Uint8Array.of(byte))
  },
}

test.each(Object.entries(rechunking))(
  'no transport changes what a law asserts that is tried over one: %s',
  async (name, change) => {
    const blind = laws.filter(({ anyTransport }) => anyTransport === true)
    const undici = undiciTransport()
    const transport: Transport = async (request, call) => {
      const response = await undici(request, call)
      return { ...response, body: change(response.body) }
    }
    const proofs: Proof[] = []
    for await (const proof of prove(right, { laws: blind, transports: { [name]: () => transport }, thorough: false })) {
      proofs.push(proof)
    }
    expect(proofs.filter(({ ok }) => ok === false)).toEqual([])
    expect(proofs.map(({ transport: over }) => over)).toEqual(proofs.map(() => undefined))
    expect(new Set(proofs.map(({ law }) => law)).size).toBe(blind.length)
  },
)

test('every law is broken by a provider that is wrong', () => {
  const patterns = [wrongDecoding, wrongConduct, wrongDocuments, wrongLayers].flatMap((all) =>
    Object.values<readonly [unknown, readonly RegExp[], unknown?]>(all).flatMap(([, breaks]) => breaks),
  )
  expect(lawsLike(patterns)).toEqual(lawsLike([/./]))
})

test('the names of the laws differ', () => {
  expect(new Set(laws.map(({ name }) => name)).size).toBe(laws.length)
})
