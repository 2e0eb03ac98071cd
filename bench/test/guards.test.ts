import { batchesOf } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { fromMemory, REQUEST } from './support/memory.ts'
import { countPaced } from './support/paced.ts'
import { run } from './support/run.ts'
import { type SubjectName, subjects } from './support/subjects.ts'

/**
 * What makes a stream quick, as counts and not as times: a busy machine can't falsify them. The bounds leave room for a
 * change of Node, and none for a regression; each is shown to refuse something that breaks it.
 */

/** 524 by Node 24: the event, its text, a promise and what `for await` makes of it. Parsing the whole chunk takes 1,670. */
const BYTES_OF_CHUNK = 700
/** 10 by Node 24, exactly: of the socket's read, the batch, the deadlines, the event, and what each `await` adds. */
const PROMISES_OF_READ = 11
/** Some 50 by Node 24; an answer of 50 chunks that is held is 10,000. */
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

describe('the events of one read come as one batch', () => {
  test.each(['plain', 'group'] as const)('%s', async (name) => {
    expect(await batchesFor(name, 50, 100)).toBe(50)
  })

  test('which a layer that forgets batches breaks', async () => {
    expect(await batchesFor('one by one', 50, 100)).toBeGreaterThan(5_000)
  })
})

describe('a read of a paced answer makes few promises and no timer', () => {
  test.each(['plain', 'group'] as const)('%s', async (name) => {
    const { promises, timers } = await countPaced(name)
    expect(promises).toBeLessThanOrEqual(PROMISES_OF_READ)
    // One may be moved once in a while: never one for each read.
    expect(timers).toBeLessThan(0.02)
  })

  test('which a timer for each read breaks', async () => {
    expect((await countPaced('a timer for each read')).timers).toBeGreaterThanOrEqual(1)
  })

  test('which layers that are async generators break', async () => {
    expect((await countPaced('async generators')).promises).toBeGreaterThan(PROMISES_OF_READ)
  })
})

describe('a chunk takes little of the heap', () => {
  const bytes = async (name: SubjectName): Promise<number> =>
    Number(await run('allocate.ts', ['--min-semi-space-size=256', '--max-semi-space-size=256'], name))

  test.each(['plain', 'group'] as const)('%s', async (name) => {
    const taken = await bytes(name)
    expect(taken).toBeGreaterThan(20)
    expect(taken).toBeLessThan(BYTES_OF_CHUNK)
  })

  test('which a copy of each event breaks', async () => {
    expect(await bytes('a copy of each event')).toBeGreaterThan(BYTES_OF_CHUNK)
  })
})

describe('an answer that is over is gone with the next minor collection', () => {
  const bytes = async (name: SubjectName): Promise<number> => Number(await run('outlive.ts', ['--expose-gc'], name))

  test.each(['plain', 'group'] as const)('%s', async (name) => {
    expect(await bytes(name)).toBeLessThan(BYTES_THAT_OUTLIVE)
  })

  test('which a function written into a property breaks', async () => {
    expect(await bytes('a function written into a property')).toBeGreaterThan(BYTES_THAT_OUTLIVE)
  })
})

test('undici is loaded by the first request, and not by an import', async () => {
  expect(JSON.parse(await run('imported.ts', []))).toEqual({ byImport: false, refused: true, byRequest: true })
})

test.each(['browser', 'workerd', 'edge-light', 'bun', 'deno'])(
  'undici is never loaded by what is built for %s',
  async (where) => {
    const imported: unknown = JSON.parse(await run('imported.ts', [`--conditions=${where}`]))
    expect(imported).toEqual({ byImport: false, refused: true, byRequest: false })
  },
)
