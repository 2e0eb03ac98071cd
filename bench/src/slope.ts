import type { Bench } from './bench.ts'
import { Child } from './child.ts'
import type { Figure } from './client.ts'
import type { Task } from './contender.ts'
import { type ContenderName, contenders, labelOf } from './contenders.ts'
import { median } from './figures.ts'
import type { Line, Slope } from './result.ts'

/** One task for sizes that grow tenfold. */
export interface Climb extends Pick<Slope, 'suite' | 'id' | 'title' | 'about' | 'along' | 'unit'> {
  contenders: readonly ContenderName[]
  sizes: readonly number[]
  taskOf: (size: number) => Task
  /** How many repetitions of the task make one figure. */
  repeats: (size: number) => number
  /** Each figure is measured once before, uncounted, to open its connections. */
  primed?: true
  /** Runs before that, to warm up a fresh process. */
  warmUp?: Task
  /** Figures for each size, of which the median counts. */
  rounds: number
  figureOf: (figure: Figure, size: number) => number
  /**
   * `each`: a figure for each size. `beyond`: the cost of one more item beyond the smallest size, which excludes the fixed cost of a
   * stream or request.
   */
  cost: 'each' | 'beyond'
  /**
   * A process of its own for each size: because peaks of memory never fall, and because a process may have only so many connections
   * open.
   */
  fresh?: true
  /** Node flags of the contenders' processes. */
  execArgv?: readonly string[]
  /** The largest growth of the figure for ten times the size. */
  target: number
  /** The floor's work is a part of ours: the target applies to the growth beyond it. */
  holdsFloor?: true
}

/** Sizes and contenders take turns. A warm-up round before the first is not counted. */
export async function climb(bench: Bench, course: Climb): Promise<Slope> {
  const { suite, id, title, about, along, unit, sizes, execArgv = [] } = course
  const childFor = (name: ContenderName): Child => new Child(name, [...bench.execArgv, ...execArgv])
  const standing = course.fresh === true ? [] : course.contenders.map(childFor)
  const figures = new Map(course.contenders.map((name) => [name, new Map(sizes.map((size) => [size, [] as number[]]))]))
  try {
    for (let round = course.fresh === true ? 0 : -1; round < course.rounds; round++) {
      for (const size of sizes) {
        for (const name of course.contenders) {
          bench.progress(`${title}  round ${round + 1} of ${course.rounds}  ${labelOf(name)}  ${size} ${along}`)
          const child = standing.find((each) => each.name === name) ?? childFor(name)
          const figure = await figureAt(child, course, size)
          if (!standing.includes(child)) child.end()
          if (round >= 0) figures.get(name)?.get(size)?.push(figure)
        }
      }
    }
  } finally {
    for (const child of standing) child.end()
  }
  const lines = [...figures].map(([name, of]): Line => {
    const kind = contenders[name]?.kind === 'ours' ? 'ours' : 'loop'
    const costs = course.cost === 'each' ? [...of] : beyondFirst([...of])
    return { label: labelOf(name), kind, points: costs.map(([x, ys]) => ({ x, y: median(ys) })) }
  })
  const ours = lines.find(({ kind }) => kind === 'ours')
  const floor = lines.find(({ kind }) => kind === 'loop')
  const growth = {
    of: ours?.label ?? '',
    factor: growthOf(ours?.points ?? []),
    target: course.target,
    ...(course.holdsFloor === true && { holdsFloor: course.holdsFloor }),
    ...(floor !== undefined && { floor: growthOf(floor.points) }),
  }
  return { kind: 'slope', suite, id, title, about, along, unit, lines, growth }
}

async function figureAt(child: Child, course: Climb, size: number): Promise<number> {
  const repeats = course.repeats(size)
  let sum = 0
  if (course.warmUp !== undefined) await child.measure(course.warmUp)
  if (course.primed === true) await child.measure(course.taskOf(size))
  for (let repeat = 0; repeat < repeats; repeat++) {
    sum += course.figureOf(await child.measure(course.taskOf(size)), size)
  }
  return sum / repeats
}

/** The figures of a size, round by round. */
type Rounds = readonly [size: number, figures: readonly number[]]

/** Round by round: a slow minute of the machine affects both sides of a difference. */
function beyondFirst([first, ...rest]: readonly Rounds[]): Rounds[] {
  if (first === undefined) return []
  const [size, base] = first
  return rest.map(([x, ys]) => [x, ys.map((y, round) => (y - (base[round] ?? NaN)) / (x - size))])
}

/** The growth of y when x grows tenfold: the slope of a straight line through all points, with both axes logarithmic. */
export function growthOf(points: Line['points']): number {
  const at = points.map(({ x, y }) => ({ x: Math.log10(x), y: Math.log10(y) }))
  const mean = (of: 'x' | 'y'): number => at.reduce((sum, point) => sum + point[of], 0) / at.length
  const middle = { x: mean('x'), y: mean('y') }
  const rise = at.reduce((sum, { x, y }) => sum + (x - middle.x) * (y - middle.y), 0)
  const run = at.reduce((sum, { x }) => sum + (x - middle.x) ** 2, 0)
  return 10 ** (rise / run)
}
