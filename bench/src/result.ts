import type { ContenderName } from './contenders.ts'

/** A measurement, as plain JSON for the terminal, the page and `--json`. */
export type Result = Race | Slope

/** The upper limit of a figure: as a ratio to the floor, or as a value. */
export type Target = { ratio: number } | { value: number }

/** Contenders side by side. */
export interface Race {
  kind: 'race'
  suite: string
  id: string
  title: string
  about: string
  unit: string
  /** The unit of the ratio. @default '× floor' */
  versus?: string
  rows: Row[]
  /** A profile of ours, where a target is missed. */
  profile?: Profile
}

export interface Row {
  label: string
  kind: 'ours' | 'loop' | 'competitor'
  /** All ratios refer to this row. */
  isFloor: boolean
  median: number
  min: number
  max: number
  /** The ratio to the floor; absent without a floor. */
  ratio?: number
  target?: Target
}

/** The growth of a figure with the size. */
export interface Slope {
  kind: 'slope'
  suite: string
  id: string
  title: string
  about: string
  /** The unit of the sizes. */
  along: string
  unit: string
  lines: Line[]
  growth: Growth
}

/** The growth of ours for ten times the size, and its limit. */
export interface Growth {
  of: string
  factor: number
  target: number
  /** The growth of the floor. */
  floor?: number
  /** The floor's work is a part of ours: the target applies to the growth beyond it. */
  holdsFloor?: true
}

export interface Line {
  label: string
  kind: 'ours' | 'loop'
  points: { x: number; y: number }[]
}

/** The CPU time of a process, by code. */
export interface Profile {
  label: string
  /** By owner of the code: a package of ours, undici, Node. */
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

/** Whether a row meets its target; undefined without a target. */
export function isMet({ median, ratio, target }: Row): boolean | undefined {
  if (target === undefined) return undefined
  return 'ratio' in target ? (ratio ?? Infinity) <= target.ratio + 0.005 : median <= target.value
}

/** The growth that counts for the target, and whether it is met. */
export function judged({ factor, target, floor = 1, holdsFloor }: Growth): { growth: number; isMet: boolean } {
  const growth = holdsFloor === true ? factor / floor : factor
  return { growth, isMet: growth <= target + 0.005 }
}
