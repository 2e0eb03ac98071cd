/** What must hold whatever the endpoint does. */

import type { Agent } from './agents.ts'
import type { Row, Through } from './rows.ts'
import type { Outcome } from './trial.ts'

export interface Tried {
  agent: Agent
  row: Row
  through: Through
  outcome: Outcome
}

/** Each member is asked at most once for one request. */
const MEMBERS = 2

/** Each broken law as a sentence. */
export const brokenLaws = (tried: readonly Tried[]): string[] =>
  tried.flatMap((each) => brokenIn(each, usualOf(each, tried)))

/** What the agent does for this task where nothing fails and everything is held. */
const usualOf = ({ agent, row, outcome }: Tried, tried: readonly Tried[]): Outcome =>
  tried.find(
    (each) =>
      each.agent === agent && each.row.task === row.task && each.row.breaks === 'nowhere' && each.through === 'answer',
  )?.outcome ?? outcome

function brokenIn({ agent, row, through, outcome }: Tried, usual: Outcome): string[] {
  if (through === 'no gateway') return []
  const { asked, upstream, code, shown, missing, halves, refused } = outcome
  const { breaks } = row
  // The most answers that can break: one in each turn with calls, or else one for each request.
  const most = breaks === 'nowhere' ? 0 : row.task.turns(agent).length || usual.asked
  const isUnseen = through === 'answer' || breaks === 'nowhere' || breaks === 'before content'
  const endsWell = isUnseen || (through === 'calls' && breaks === 'in a call')
  const faults = [
    upstream > asked * MEMBERS && `${upstream} requests upstream for ${asked}`,
    through !== 'none' && halves > 0 && `${halves} calls came back that no answer had whole`,
    refused > 0 && `${refused} requests that the strict simulator refuses`,
    endsWell && code !== 0 && `exit ${code ?? 'code none'}`,
    endsWell && shown !== 'right' && `shown: ${shown}`,
    endsWell && missing.length > 0 && `came back: ${missing.join(', ')}`,
    isUnseen && asked > usual.asked && `${asked} requests where ${usual.asked} are usual`,
    endsWell && upstream > usual.upstream + most && `${upstream} requests upstream where ${usual.upstream} are usual`,
  ].filter((fault) => fault !== false)
  return faults.map((fault) => `WRONG ${agent.name}, ${row.name}, hold: '${through}': ${fault}`)
}
