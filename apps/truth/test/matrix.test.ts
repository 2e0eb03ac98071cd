import type { Subject } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { documentOf } from '../src/document.ts'
import { type Finding, matrix, PLACES } from '../src/matrix.ts'
import { ROWS } from '../src/rows.ts'
import { subjectOf } from '../src/subjects.ts'
import { summaryOf } from '../src/summary.ts'
import { cellsOf, lawTable, tableOf } from '../src/table.ts'

const found = async (subject: Subject, row?: number): Promise<Finding[]> => {
  const findings: Finding[] = []
  // Alone, each provider is proved by its own tests.
  const options = { row, quick: true, places: ['in a group'] } as const
  for await (const finding of matrix([{ id: 'x', subject }], options)) findings.push(finding)
  return findings
}

describe('the matrix', () => {
  test('is right, and no row is without a proof', { timeout: 120_000 }, async () => {
    const findings = await found(await subjectOf('gravityengine'))
    const { wrong, missing, line } = summaryOf(findings)
    expect(wrong.map(({ law, place, transport, observed }) => ({ law, place, transport, observed }))).toEqual([])
    expect(missing).toEqual([])
    expect(line).toContain('no row without a proof')
    const cells = cellsOf(findings)
    expect(cells).toHaveLength(ROWS.length * 2 * PLACES.length)
    expect(tableOf(cells).split('\n')).toHaveLength(cells.length + 1)
    const page = documentOf(findings, new Date(0))
    for (const { row, world, caller } of ROWS) {
      expect(page).toContain(`| ${row} `)
      expect(page).toContain(world)
      expect(page).toContain(caller)
    }
    expect(page).toContain('1970-01-01')
  })

  test('shows what is wrong', async () => {
    const right = await subjectOf('lockchat')
    const subject: Subject = {
      ...right,
      // Deaf to every end: an answer that breaks off is as good as whole.
      provider: (options) => {
        const provider = right.provider(options)
        return {
          ...provider,
          async *stream(request, call) {
            try {
              yield* provider.stream(request, call)
            } catch {
              yield { type: 'finish', reason: 'stop' }
            }
          },
        }
      },
    }
    const findings = await found(subject, 6)
    const { wrong, line } = summaryOf(findings, 6)
    expect(wrong.length).toBeGreaterThan(0)
    expect(line).toContain(`${wrong.length} wrong`)
    expect(cellsOf(findings).map(({ ok }) => ok)).toContain(false)
    expect(lawTable(findings)).toContain('WRONG')
  })
})

test('a row without a proof is missing', () => {
  expect(summaryOf([]).missing).toEqual(ROWS.map(({ row }) => row))
  expect(summaryOf([], 6).missing).toEqual([6])
})
