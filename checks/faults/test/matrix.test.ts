import type { Subject } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { documentOf } from '../src/document.ts'
import { gapsOf, gapWords } from '../src/gaps.ts'
import { type Finding, matrix } from '../src/matrix.ts'
import { ROWS } from '../src/rows.ts'
import { subjectOf } from '../src/subjects.ts'
import { summaryOf } from '../src/summary.ts'
import { cellsOf, lawTable, tableOf } from '../src/table.ts'

const found = async (subject: Subject, row?: number): Promise<Finding[]> => {
  const findings: Finding[] = []
  // The providers' own tests run the laws alone.
  const options = { row, quick: true, places: ['in a group'] } as const
  for await (const finding of matrix([{ id: 'x', subject }], options)) findings.push(finding)
  return findings
}

describe('the matrix', () => {
  test('is right, and every row has a proof', { timeout: 120_000 }, async () => {
    const findings = await found(await subjectOf('openai-compatible'))
    const { wrong, missing, line } = summaryOf(findings)
    expect(wrong.map(({ law, place, transport, observed }) => ({ law, place, transport, observed }))).toEqual([])
    expect(missing).toEqual([])
    expect(line).toContain('0 missing')
    // A document delivers nothing before its end, and is whole or cut.
    expect(new Set(gapsOf(findings).map(({ row, form }) => `${row}, ${form}`))).toEqual(
      new Set([25, 29, 30, 32, 34].map((row) => `${row}, one piece`)),
    )
    const cells = cellsOf(findings)
    expect(cells.map(({ ok }) => ok)).toEqual(ROWS.map(() => true))
    expect(tableOf(cells).split('\n')).toHaveLength(cells.length + 1)
    const page = documentOf(findings, new Date(0))
    for (const { row, world, caller } of ROWS) {
      expect(page).toMatch(new RegExp(`^\\| +${row} \\|`, 'm'))
      expect(page).toContain(world)
      expect(page).toContain(caller)
    }
    expect(page).toContain('1970-01-01')
  })

  test('shows what is wrong', async () => {
    const right = await subjectOf('lockchat')
    const subject: Subject = {
      ...right,
      // Wrong on purpose: it reports a broken answer as whole.
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
  expect(summaryOf([]).missing).toEqual(ROWS.map(({ row }) => `row ${row}`))
  expect(summaryOf([], 6).missing).toEqual(['row 6'])
})

describe('a place without a proof', () => {
  const about = { id: 'x', provider: 'X', transport: 'undici', form: 'streamed', place: 'alone' } as const
  const of = (observed: string, ok?: boolean): Finding => ({ ...about, law: 'a law', rows: [6], ok, observed })
  const elsewhere = { ...of('truncated', true), form: 'one piece' } as const

  test('is missing when a fixture is', () => {
    expect(summaryOf([elsewhere, of('no fixture empty')], 6).missing).toEqual(['row 6 of X, undici, streamed, alone'])
  })

  test('is listed with its reason when the row does not apply', () => {
    const findings = [elsewhere, of('it calls no tools')]
    expect(summaryOf(findings, 6).missing).toEqual([])
    expect(gapWords(gapsOf(findings))).toBe('streamed: it calls no tools')
    expect(cellsOf(findings)).toMatchObject([{ row: 6, ok: true, proved: 1, gaps: 'streamed: it calls no tools' }])
  })

  test('is filled by a law that no transport can change, over each transport', () => {
    const overFetch = { ...of('truncated', true), transport: 'fetch' }
    const gap = { ...of('it calls no tools'), rows: [21] }
    const proof = { ...of('joined', true), rows: [21], transport: undefined }
    expect(gapsOf([overFetch, gap]).map(({ row, transport }) => `${row}, ${transport}`)).toEqual([
      '6, undici',
      '21, fetch',
      '21, undici',
    ])
    expect(gapsOf([overFetch, gap, proof]).map(({ row }) => row)).toEqual([6])
    expect(gapsOf([{ ...proof, ok: undefined }])).toMatchObject([{ row: 21, transport: 'any transport' }])
  })

  test('is no gap when there is a right or a wrong finding', () => {
    expect(gapsOf([of('it calls no tools'), of('a short success', false)])).toEqual([])
    expect(gapsOf([of('it calls no tools'), of('truncated', true)])).toEqual([])
  })
})
