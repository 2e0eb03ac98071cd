import { type Finding, isWithin } from './finding.ts'

/** What the library reads wrongly today, by dialect: the names of findings. Delete a line when it holds. */
export const KNOWN_WRONG: Readonly<Record<string, readonly string[]>> = {}

/** Whether a finding is one of these, alone or among more oddities. */
export const isKnown = ({ dialect, kind }: Pick<Finding, 'dialect' | 'kind'>): boolean =>
  (KNOWN_WRONG[dialect] ?? []).some((name) => isWithin(name.split(' + '), kind.split(' + ')))
