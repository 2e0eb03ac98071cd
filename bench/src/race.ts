import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { Child } from './child.ts'
import type { Figure } from './client.ts'
import { Checksum, type Task } from './contender.ts'
import { type ContenderName, contenders, labelOf } from './contenders.ts'
import { median, timesFloor } from './figures.ts'
import { type CpuProfile, hottest, rooms } from './profile/hottest.ts'
import { isMet, type Profile, type Race, type Row, type Targets } from './result.ts'

/** The plan of a race. */
export interface Course {
  suite: string
  id: string
  title: string
  about: string
  unit: string
  contenders: readonly ContenderName[]
  floor: ContenderName
  task: Task
  /** The expected text, where it is known beforehand. */
  text?: string
  /** The figure to compare. */
  figureOf: (figure: Figure) => number
  targets: Targets
  /** Counted rounds, and the warm-up rounds before them. */
  rounds: number
  warmUp: number
  /** The same for competitors, to save time: they take most of it, and their distance needs less precision. */
  competitorRounds?: { rounds: number; warmUp: number }
  /** A new process for each round, because peaks of memory never fall. */
  fresh?: true
  /** Runs before each counted round: opens connections and loads late imports. */
  before?: Task
}

/** The number of functions that a profile lists. */
const HOTTEST = 8

/** Enough samples for meaningful shares, within a limit for work that mostly waits. */
const PROFILE_CPU_US = 1_500_000
const PROFILE_MS = 15_000

const SOURCES = '--conditions=@rivulet/source'

/**
 * Runs a race. Contenders take turns, so that a slow minute of the machine affects all; every round is checked; the first rounds are
 * not counted.
 */
export async function race(bench: Bench, course: Course): Promise<Race> {
  const { title, suite, id, about, unit } = course
  const names = entrants(bench, course)
  const standing = course.fresh === true ? [] : names.map((name) => new Child(name, bench.execArgv))
  const figures = new Map<ContenderName, number[]>(names.map((name) => [name, []]))
  const check = proofOf(course)
  try {
    for (let round = -course.warmUp; round < course.rounds; round++) {
      const which = round < 0 ? `warm-up ${round + course.warmUp + 1}` : `round ${round + 1} of ${course.rounds}`
      for (const name of names) {
        if (!takesPart(course, name, round)) continue
        bench.progress(`${title}  ${which}  ${labelOf(name)}`)
        const child = standing.find((each) => each.name === name) ?? new Child(name, bench.execArgv)
        if (course.before !== undefined && round >= 0) await child.measure(course.before)
        const figure = await child.measure(course.task)
        if (!standing.includes(child)) child.end()
        check(name, figure)
        if (round >= 0) figures.get(name)?.push(course.figureOf(figure))
      }
    }
  } finally {
    for (const child of standing) child.end()
  }
  const rows = rowsOf(course, figures)
  const missed = bench.explain && course.fresh !== true && rows.some((row) => isMet(row) === false)
  return {
    kind: 'race',
    suite,
    id,
    title,
    about,
    unit,
    rows,
    ...(missed && { profile: await explain(bench, course, rows) }),
  }
}

function takesPart({ competitorRounds }: Course, name: ContenderName, round: number): boolean {
  if (competitorRounds === undefined || contenders[name]?.kind !== 'competitor') return true
  return round >= -competitorRounds.warmUp && round < competitorRounds.rounds
}

/** Throws for a contender whose result differs from the expected text, or from the first result of the race. */
function proofOf({ text }: Course): (name: ContenderName, figure: Figure) => void {
  let expected: string | undefined
  if (text !== undefined) {
    const checksum = new Checksum()
    checksum.take(text)
    expected = checksum.toString()
  }
  return (name, { proof }) => {
    if (contenders[name]?.textless === true) return
    expected ??= proof
    if (proof !== expected)
      throw new Error(`${labelOf(name)} read a wrong text: checksum ${proof}, expected ${expected}`)
  }
}

function entrants(bench: Bench, { contenders: names }: Course): ContenderName[] {
  return names.filter((name) => bench.competitors || contenders[name]?.kind !== 'competitor')
}

/** The rows of a race, in its order. */
function rowsOf({ floor, targets }: Course, figures: ReadonlyMap<ContenderName, readonly number[]>): Row[] {
  const base = figures.get(floor) ?? []
  return [...figures].map(([name, of]) => {
    const target = targets[name]
    return {
      label: labelOf(name),
      kind: contenders[name]?.kind ?? 'loop',
      isFloor: name === floor,
      median: median(of),
      min: Math.min(...of),
      max: Math.max(...of),
      ratio: timesFloor(of, base),
      ...(target !== undefined && { target }),
    }
  })
}

/** Profiles one of ours in this race, by default the first, on the sources, which have the familiar names and lines. */
export async function profile(bench: Bench, course: Course, file: string, which?: ContenderName): Promise<Profile> {
  const name = which ?? course.contenders.find((each) => contenders[each]?.kind === 'ours')
  if (name === undefined) throw new TypeError(`no contender of ours takes part in ${course.id}`)
  const child = new Child(name, [SOURCES])
  bench.progress(`${course.title}  profile of ${labelOf(name)}`)
  try {
    for (let round = 0; round < course.warmUp; round++) await child.measure(course.task)
    await child.profile(file, async () => {
      const until = performance.now() + PROFILE_MS
      for (let cpu = 0; cpu < PROFILE_CPU_US && performance.now() < until;)
        cpu += (await child.measure(course.task)).cpu
    })
  } finally {
    child.end()
  }
  // Written by V8: its form is its documentation's.
  const recorded = JSON.parse(await readFile(file, 'utf8')) as CpuProfile
  return { label: labelOf(name), rooms: rooms(recorded), hot: hottest(recorded, HOTTEST) }
}

/** A profile of the first of ours that missed its target. */
async function explain(bench: Bench, course: Course, rows: readonly Row[]): Promise<Profile> {
  const missed = rows.find((row) => isMet(row) === false)
  const folder = await mkdtemp(join(tmpdir(), 'rivulet-bench-'))
  try {
    const which = course.contenders.find((name) => labelOf(name) === missed?.label)
    return await profile(bench, course, join(folder, 'profile.cpuprofile'), which)
  } finally {
    await rm(folder, { recursive: true })
  }
}
