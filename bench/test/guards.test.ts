import { batchesOf } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { fromMemory, REQUEST } from './support/memory.ts'
import { countPaced } from './support/paced.ts'
import { run, runJoined } from './support/run.ts'
import { type SubjectName, subjects } from './support/subjects.ts'

/**
 * The reasons that a stream is fast, as counts instead of times, which a busy machine cannot distort. The bounds allow for a change
 * of Node, not for a regression; for each, a test shows a subject that exceeds it.
 */

/** 450 on Node 24: the event, its text, a promise and the allocations of `for await`. Parsing the whole chunk takes 1,670. */
const BYTES_OF_CHUNK = 700
/** 25,300 and 34,800 on Node 24: what a call takes once, whatever its answer. */
const BYTES_OF_CALL = { plain: 30_000, group: 40_000 }
/** Exactly 10 on Node 24: the socket's read, the batch, the deadlines, the event, and those that each `await` adds. */
const PROMISES_OF_READ = 11
/** About 50 on Node 24; a retained answer of 50 chunks is 10,000. */
const BYTES_THAT_OUTLIVE = 1_000

async function batchesFor(name: SubjectName, reads: number, chunks: number): Promise<number> {
  const provider = subjects[name]({ baseUrl: 'http://127.0.0.1', transport: fromMemory(reads, chunks) })
  const batches = batchesOf(provider.stream(REQUEST))
  let count = 0
  let characters = 0
  for (let read = await batches.next(); read.done !== true; read = await batches.next()) {
    count++
    for (const event of read.value) if (event.type === 'text') characters += event.text.length
  }
  expect(characters).toBeGreaterThan(0)
  return count
}

describe('the events of one read arrive as one batch', () => {
  test.each(['plain', 'group'] as const)('%s', async (name) => {
    expect(await batchesFor(name, 50, 100)).toBe(50)
  })

  test('exceeded by a layer that ignores batches', async () => {
    expect(await batchesFor('one by one', 50, 100)).toBeGreaterThan(5_000)
  })
})

describe('a read of a paced answer creates few promises and no timer', () => {
  test.each(['plain', 'group'] as const)('%s', async (name) => {
    // What another test has left behind in this process can only add to a count: the smaller of two is nearer.
    const counts = [await countPaced(name), await countPaced(name)]
    const [promises, timers] = [
      Math.min(...counts.map((each) => each.promises)),
      Math.min(...counts.map((each) => each.timers)),
    ]
    expect(promises).toBeLessThanOrEqual(PROMISES_OF_READ)
    // A timer may move once in a while, but not with each read.
    expect(timers).toBeLessThan(0.02)
  })

  test('exceeded by a timer for each read', async () => {
    expect((await countPaced('a timer for each read')).timers).toBeGreaterThanOrEqual(1)
  })

  test('exceeded by layers that are async generators', async () => {
    expect((await countPaced('async generators')).promises).toBeGreaterThan(PROMISES_OF_READ)
  })
})

/** So large that nothing is collected while it is counted. */
const YOUNG = ['--min-semi-space-size=256', '--max-semi-space-size=256']

describe('a call takes little heap for an answer of one chunk', () => {
  const bytes = async (name: SubjectName): Promise<number> =>
    Number(await runJoined('allocate.ts', YOUNG, name, '1', '1', '100'))

  test.each(['plain', 'group'] as const)('%s', async (name) => {
    const taken = await bytes(name)
    expect(taken).toBeGreaterThan(5_000)
    expect(taken).toBeLessThan(BYTES_OF_CALL[name])
  })

  test('exceeded by a copy of each event', async () => {
    expect(await bytes('a copy of each event')).toBeGreaterThan(BYTES_OF_CALL.plain)
  })
})

describe('a chunk takes little heap', () => {
  const bytes = async (name: SubjectName): Promise<number> =>
    Number(await runJoined('allocate.ts', YOUNG, name, '20', '100', '1'))

  test.each(['plain', 'group'] as const)('%s', async (name) => {
    const taken = await bytes(name)
    expect(taken).toBeGreaterThan(20)
    expect(taken).toBeLessThan(BYTES_OF_CHUNK)
  })

  test('exceeded by a copy of each event', async () => {
    expect(await bytes('a copy of each event')).toBeGreaterThan(BYTES_OF_CHUNK)
  })
})

describe('a finished answer is freed by the next minor collection', () => {
  const bytes = async (name: SubjectName): Promise<number> =>
    Number(await runJoined('outlive.ts', ['--expose-gc'], name))

  test.each(['plain', 'group'] as const)('%s', async (name) => {
    expect(await bytes(name)).toBeLessThan(BYTES_THAT_OUTLIVE)
  })

  test('exceeded by a function assigned to a property', async () => {
    expect(await bytes('a function assigned to a property')).toBeGreaterThan(BYTES_THAT_OUTLIVE)
  })
})

test('undici is loaded by the first request, not by an import', async () => {
  expect(JSON.parse(await run('imported.ts', []))).toEqual({ byImport: false, refused: true, byRequest: true })
})

test.each(['browser', 'workerd', 'edge-light', 'bun', 'deno'])(
  'undici is never loaded under the condition %s',
  async (where) => {
    const imported: unknown = JSON.parse(await run('imported.ts', [`--conditions=${where}`]))
    expect(imported).toEqual({ byImport: false, refused: true, byRequest: false })
  },
)
