/** What must hold whatever the endpoint does. */

import type { Ending } from './endings.ts'
import type { Outcome, Through } from './trial.ts'

export interface Tried {
  agent: string
  ending: Ending
  through: Through
  outcome: Outcome
}

/** What an agent does where nothing fails. */
export interface Healthy {
  agent: string
  outcome: Outcome
}

/** Each member is asked at most once for one request. */
const MEMBERS = 2

/** Each broken law as a sentence. */
export function broken(tried: readonly Tried[], healthy: readonly Healthy[]): string[] {
  const unwell = healthy
    .filter(({ outcome }) => outcome.code !== 0 || outcome.shown !== 'right')
    .map(({ agent }) => `WRONG ${agent} does not finish its task where nothing fails`)
  return [...unwell, ...tried.flatMap((each) => brokenIn(each, healthy))]
}

function brokenIn({ agent, ending, through, outcome }: Tried, healthy: readonly Healthy[]): string[] {
  if (through === 'no gateway') return []
  const { asked, upstream, code, shown } = outcome
  const about = `WRONG ${agent}, an answer that ${ending.name}, hold: '${through}'`
  const usual = healthy.find((each) => each.agent === agent)?.outcome.asked ?? asked
  const isUnseen = code === 0 && shown === 'right' && asked <= usual
  return [
    ...(upstream > asked * MEMBERS ? [`${about}: ${upstream} requests upstream for ${asked}`] : []),
    ...((through === 'answer' || ending.isBeforeContent) && !isUnseen
      ? [`${about}: exit ${code ?? 'code none'}, ${shown}, ${asked} requests where ${usual} are usual`]
      : []),
  ]
}
