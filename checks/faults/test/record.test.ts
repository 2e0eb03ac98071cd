import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type ChatRequest, collect } from '@rivulet/core'
import { replay } from '@rivulet/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subjectOf } from '../src/subjects.ts'

const run = promisify(execFile)
const file = join(import.meta.dirname, '../src/record.ts')
const record = async (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  run(process.execPath, ['--conditions=@rivulet/source', file, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    // What a process that fails is rejected with.
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  )

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('pnpm record', () => {
  test.each(['lockchat', 'liaobots', 'gravityengine', 'openai-responses', 'google'])(
    'makes a fixture that replays the same answer: %s',
    async (id) => {
      const out = join(folder, `${id}.json`)
      const { code, stderr } = await record(id, 'hello', '--out', out)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const { provider, request, secrets = [] } = await subjectOf(id)
      const asked: ChatRequest = { model: request.model, messages: [{ role: 'user', content: 'count to 5' }] }
      const { text } = await collect(provider({ transport: replay({ from: out }) }).stream(asked))
      expect(text).toBe('1, 2, 3, 4, 5.')
      const written = readFileSync(out, 'utf8')
      expect(written).not.toContain('127.0.0.1')
      for (const secret of secrets) expect(written).not.toContain(secret)
    },
  )

  test('records a broken answer, and does not overwrite a file', async () => {
    const out = join(folder, 'broken.json')
    expect(await record('lockchat', 'broken', '--fault', 'reset-mid-stream', '--out', out)).toMatchObject({ code: 0 })
    const { provider, request } = await subjectOf('lockchat')
    const asked = collect(provider({ transport: replay({ from: out }) }).stream(request))
    await expect(asked).rejects.toMatchObject({ code: 'truncated' })
    const { code, stderr } = await record('lockchat', 'broken', '--out', out)
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') as string })
  })

  test('prints its usage', async () => {
    expect(await record('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('pnpm record') as string })
    expect(await record('lockchat')).toMatchObject({ code: 2 })
    expect(await record('lockchat', 'x', '--nonsense')).toMatchObject({ code: 2 })
    expect(await record('acme', 'x')).toMatchObject({ code: 2, stderr: expect.stringContaining('lockchat') as string })
    expect(await record('groq', 'x')).toMatchObject({ code: 1, stderr: expect.stringContaining('--live') as string })
  })
})
