import { expect, test } from 'vitest'
import { matrixApart } from '../src/apart.ts'
import { type Finding, sizeOf } from '../src/matrix.ts'
import { subjects } from '../src/subjects.ts'

test('providers in processes of their own give the findings of the matrix, in the order of the providers', async () => {
  const ids = ['ollama', 'liaobots']
  const told: Finding[] = []
  const found = await matrixApart(ids, { row: 3, quick: true }, (finding) => told.push(finding))
  expect(found).toHaveLength(sizeOf(await subjects(ids), 3))
  expect(found.filter(({ ok }) => ok === false)).toEqual([])
  expect([...new Set(found.map(({ id }) => id))]).toEqual(ids)
  expect(new Set(told)).toEqual(new Set(found))
})

test('a process that fails is not a table with less in it', async () => {
  await expect(matrixApart(['no-such-provider'], {}, () => undefined)).rejects.toThrow(
    'no-such-provider: its process ended with 1',
  )
})
