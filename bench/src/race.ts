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

/** A race to be run. */
export interface Course {
  suite: string
  id: string
  title: string
  about: string
  unit: string
  contenders: readonly ContenderName[]
  floor: ContenderName
  task: Task
  /** The text that must come out, where that is known beforehand. */
  text?: string
  /** The figure that is compared. */
  figureOf: (figure: Figure) => number
  targets: Targets
  /** Rounds that are counted, and those before them that make a process the program that it will be. */
  rounds: number
  warmUp: number
  /** The same for the other libraries, where there is little time: they are far away, and cost most of it. */
  competitorRounds?: { rounds: number; warmUp: number }
  /** A new process for each round: for peaks of memory, which never come down again. */
  fresh?: true
  /** Done before each round that is counted: opens connections, and loads what is loaded late. */
  before?: Task
}

/** How many functions of a profile are told. */
const HOTTEST = 8

/** Enough samples for a share to mean something; what waits most of its time is not waited for. */
const PROFILE_CPU_US = 1_500_000
const PROFILE_MS = 15_000

const SOURCES = '--conditions=@rivulet/source'

/**
 * Runs a race. Contenders take turns, so that a slow minute of the machine meets all; every round is checked; the first
 * rounds are not counted.
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

/** Throws for a contender that came to another answer than the text of the course, or than the first of the race. */
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
    if (proof !== expected) throw new Error(`${labelOf(name)} came to another answer: ${proof}, not ${expected}`)
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

/** Samples one of ours in this race, the first if none is named, as sources, whose names and lines a reader knows. */
export async function profile(bench: Bench, course: Course, file: string, which?: ContenderName): Promise<Profile> {
  const name = which ?? course.contenders.find((each) => contenders[each]?.kind === 'ours')
  if (name === undefined) throw new TypeError(`none of ours takes part in ${course.id}`)
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

/** What the first of ours that missed its target spends its time on. */
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
