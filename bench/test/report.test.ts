import { describe, expect, test } from 'vitest'
import { readArgs } from '../src/args.ts'
import { median, short, timesFloor } from '../src/figures.ts'
import { hottest, rooms } from '../src/profile/hottest.ts'
import { bars } from '../src/report/bars.ts'
import { pageOf } from '../src/report/page.ts'
import { slopes } from '../src/report/slopes.ts'
import { terminal } from '../src/report/terminal.ts'
import { isMet, judged, type Race, type Row, type Slope } from '../src/result.ts'
import { growthOf } from '../src/slope.ts'

const floor: Row = { label: 'plain', kind: 'loop', isFloor: true, median: 2, min: 1.9, max: 2.2, ratio: 1 }
const ours: Row = {
  ...floor,
  label: 'ours',
  kind: 'ours',
  isFloor: false,
  median: 1,
  ratio: 0.5,
  target: { ratio: 0.7 },
}
const race: Race = {
  kind: 'race',
  suite: 's',
  id: 'r',
  title: 'A race',
  about: 'About.',
  unit: 'µs',
  rows: [floor, ours],
}
const missed: Race = { ...race, title: 'Another', rows: [floor, { ...ours, median: 3, ratio: 1.5 }] }
const slope: Slope = {
  kind: 'slope',
  suite: 's',
  id: 'g',
  title: 'A slope',
  about: 'About.',
  along: 'chunks',
  unit: 'µs',
  lines: [{ label: 'ours', kind: 'ours', points: [10, 100].map((x) => ({ x, y: 2 })) }],
  growth: { of: 'ours', factor: 1, target: 1.1 },
}
const machine = { cpu: 'A', cores: 2, memoryGb: 8, system: 'Linux', node: 'v24', date: '2026-11-21' }

describe('growth for ten times the size', () => {
  test.each([
    ['flat', (x: number) => 3 + 0 * x, 1],
    ['linear', (x: number) => 3 * x, 10],
    ['quadratic', (x: number) => 3 * x * x, 100],
  ])('of a figure that is %s', (_name, of, factor) => {
    expect(growthOf([1, 10, 100, 1000].map((x) => ({ x, y: of(x) })))).toBeCloseTo(factor, 6)
  })
})

test('a ratio belongs to one round, so that a slow round does not count', () => {
  // The machine was slow in the last round, and in the second for the floor alone. The medians' ratio is a tenth.
  expect(timesFloor([1, 1, 5], [2, 10, 10])).toBe(0.5)
})

describe('a target', () => {
  test('is met by less, not by more', () => {
    expect(isMet(ours)).toBe(true)
    expect(isMet({ ...ours, ratio: 0.71 })).toBe(false)
    expect(isMet({ ...ours, target: { value: 0.9 } })).toBe(false)
    expect(isMet(floor)).toBeUndefined()
  })

  test('of growth excludes the growth of the floor, where the floor is a part of the figure', () => {
    const grown = { of: 'ours', factor: 1.2, target: 1.1, floor: 1.15 }
    expect(judged(grown).isMet).toBe(false)
    expect(judged({ ...grown, holdsFloor: true }).isMet).toBe(true)
    expect(judged({ ...grown, holdsFloor: true, floor: 1.05 }).isMet).toBe(false)
    expect(terminal({ ...slope, growth: { ...grown, holdsFloor: true } })).toContain('× 1.04 beyond it (≤ 1.10 ✓)')
    expect(terminal({ ...slope, growth: grown })).toContain('(≤ 1.10 missed); the floor: × 1.15')
  })

  test('that is missed is marked, on the page and in the terminal', () => {
    const page = pageOf({ machine, quick: false, results: [race, missed] })
    expect(page.match(/\*\*missed\*\*/g)).toHaveLength(1)
    expect(terminal(missed)).toContain('≤ 0.70 missed')
    expect(terminal(race)).toContain('≤ 0.70 ✓')
  })
})

test('a picture has a label in words', () => {
  expect(bars(race)).toContain('aria-label="A race: plain 1.00 of the floor; ours 0.50 of the floor"')
  expect(slopes(slope)).toContain('× 1.00 for ten times as many')
})

test('a picture shows as much of its description as fits, the page all of it', () => {
  const about = 'The most that was held. And so on'.padEnd(140, '.')
  for (const picture of [bars({ ...race, about }), slopes({ ...slope, about })]) {
    expect(picture).toContain('>The most that was held.</text>')
  }
  for (const result of [
    { ...race, about },
    { ...slope, about },
  ]) {
    expect(pageOf({ machine, quick: false, results: [result] })).toContain(about)
  }
})

test('a profile shows whose code ran, and on whose behalf', () => {
  const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 9 })
  const nodes = [
    { id: 1, callFrame: frame('(root)', ''), children: [2, 5, 6] },
    { id: 2, callFrame: frame('read', 'file:///a/packages/core/src/stream.ts'), children: [3] },
    { id: 3, callFrame: frame('compare', 'node:buffer'), children: [4] },
    { id: 4, callFrame: frame('compareOffset', '') },
    { id: 5, callFrame: frame('(idle)', '') },
    { id: 6, callFrame: frame('onRead', 'node:net') },
  ]
  const profile = { nodes, samples: [2, 3, 4, 4, 5, 5, 5, 6] }
  expect(rooms(profile)).toEqual([
    { room: 'core', share: 0.8 },
    { room: 'node', share: 0.2 },
  ])
  expect(hottest(profile, 2)).toEqual([
    { name: 'compareOffset', place: '', share: 0.4 },
    { name: 'read', place: 'core/src/stream.ts:10', share: 0.2 },
  ])
})

test('figures have three significant digits', () => {
  expect([0.0123, 1.234, 12.34, 1234.5].map(short)).toEqual(['0.012', '1.23', '12.3', '1,235'])
  expect([median([3, 1, 2]), median([4, 1]), median([])]).toEqual([2, 2.5, 0])
})

describe('the options', () => {
  test('name suites', () => {
    expect(readArgs(['--only', 'paced', '--no-competitors'])).toMatchObject({
      only: ['paced'],
      competitors: false,
      quick: false,
    })
    expect(() => readArgs(['--only', 'pased'])).toThrow('The suites are: backlogged')
  })

  test('do not write a page for one suite', () => {
    expect(() => readArgs(['--write', '--only', 'paced'])).toThrow('whole page')
  })
})
