import type { ContenderName } from './contenders.ts'

/** What was measured: plain JSON, which the terminal, the page and `--json` all show. */
export type Result = Race | Slope

/** Where a figure is to be: at most so many times the floor, or at most so much. */
export type Target = { ratio: number } | { value: number }

/** Contenders side by side. */
export interface Race {
  kind: 'race'
  suite: string
  id: string
  title: string
  about: string
  unit: string
  /** What the ratio is of. @default '× floor' */
  versus?: string
  rows: Row[]
  /** What a profile of ours says, where a target is missed. */
  profile?: Profile
}

export interface Row {
  label: string
  kind: 'ours' | 'loop' | 'competitor'
  /** Everything is compared with it. */
  isFloor: boolean
  median: number
  min: number
  max: number
  /** Times the floor; absent where there is none. */
  ratio?: number
  target?: Target
}

/** How a figure grows. */
export interface Slope {
  kind: 'slope'
  suite: string
  id: string
  title: string
  about: string
  /** What is counted along the page. */
  along: string
  unit: string
  lines: Line[]
  growth: Growth
}

/** By how much ours grows for ten times the size, and by how much it may. */
export interface Growth {
  of: string
  factor: number
  target: number
  /** By how much the floor grows. */
  floor?: number
  /** The floor's work is a part of ours: what is asked is that ours grows by no more. */
  holdsFloor?: true
}

export interface Line {
  label: string
  kind: 'ours' | 'loop'
  points: { x: number; y: number }[]
}

/** Where the CPU time of a process went. */
export interface Profile {
  label: string
  /** By whose code it is: a package of ours, undici, Node. */
  rooms: { room: string; share: number }[]
  hot: Hot[]
}

/** A function that ran often, and its share of the CPU time. */
export interface Hot {
  name: string
  place: string
  share: number
}

/** The target of one contender in a race. */
export type Targets = Partial<Record<ContenderName, Target>>

/** Whether a row is where it is to be; undefined where nothing is asked of it. */
export function isMet({ median, ratio, target }: Row): boolean | undefined {
  if (target === undefined) return undefined
  return 'ratio' in target ? (ratio ?? Infinity) <= target.ratio + 0.005 : median <= target.value
}

/** What is held against the target, and whether it is met. */
export function judged({ factor, target, floor = 1, holdsFloor }: Growth): { growth: number; isMet: boolean } {
  const growth = holdsFloor === true ? factor / floor : factor
  return { growth, isMet: growth <= target + 0.005 }
}
