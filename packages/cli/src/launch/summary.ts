import { onOneLine } from '../terminal.ts'
import { dollars } from '../usage-line.ts'
import type { Tally } from './tally.ts'

/** What a client has asked, what broke, and what it was spared, in a few lines. */
export function summary(title: string, tally: Tally): string[] {
  if (tally.asked === 0) return [`${title} made no request.`]
  return [
    `${title} made ${times(tally.asked, 'request')}; asked: ${list(tally.sent.all) || 'no provider'}.`,
    spent(tally),
    ...broken(title, tally),
  ]
}

const times = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`

const list = (counts: Tally['sent']['all']): string =>
  counts.map(([name, count]) => `${onOneLine(name)} ${count.toLocaleString('en')} ×`).join(', ')

function spent({ usage, usd, hasUnknownUsage, hasUnknownCost }: Tally): string {
  if (usage === undefined) return hasUnknownUsage ? 'Tokens and cost are unknown.' : 'No tokens, no cost.'
  const { inputTokens, outputTokens, cachedTokens = 0 } = usage
  const cached = cachedTokens > 0 ? ` (${cachedTokens.toLocaleString('en')} from a cache)` : ''
  const tokens = `${inputTokens.toLocaleString('en')} tokens in${cached}, ${outputTokens.toLocaleString('en')} out`
  const cost = hasUnknownCost && usd === 0 ? 'cost unknown' : `${hasUnknownCost ? 'at least ' : ''}${dollars(usd)}`
  return `${hasUnknownUsage ? 'At least ' : ''}${tokens}; ${cost}.`
}

function broken(title: string, { failed, begunAnew, wentOn, broken: failures }: Tally): string[] {
  const seen = failed === 0 ? [] : [`${title} has seen ${times(failed, 'failure')}.`]
  if (failures.total === 0) return failed === 0 ? ['Nothing broke.'] : seen
  const what = `${times(failures.total, 'answer')} broke or never began: ${list(failures.all)}.`
  const spared = failures.total - failed
  if (spared <= 0) return [what, ...seen]
  const ways = [
    begunAnew > 0 && `${begunAnew.toLocaleString('en')} begun anew`,
    wentOn > 0 && `${wentOn.toLocaleString('en')} continued`,
  ].filter((way) => way !== false)
  const how = ways.length > 0 ? ` (${ways.join(', ')})` : ''
  return [
    what,
    ...seen,
    `${title} was spared ${spared.toLocaleString('en')} of them${how}: it did not have to ask again.`,
  ]
}
