import { cost, type Usage } from '@rivulet/core'
import { scenarios } from './scenarios.ts'
import type { Subject } from './subject.ts'

/** What came of one scenario. */
interface Outcome {
  scenario: string
  /** `'none'`: the provider has no name for what it needs. */
  state: 'right' | 'wrong' | 'none'
  /** What was seen, or what is wrong. */
  words: string
  /** How long it took, in milliseconds. */
  ms: number
}

/** What came of a provider. */
export interface Report {
  subject: Subject
  outcomes: Outcome[]
  inputTokens: number
  outputTokens: number
  /** In US dollars, of what has a price in the catalog; `undefined` where nothing has. */
  dollars?: number
}

/** Puts one provider through every scenario, one after the other. */
export async function check(subject: Subject, signal: AbortSignal): Promise<Report> {
  const { provider, model } = subject
  const priced = provider.info.models.find(({ id }) => id === model)
  const report: Report = { subject, outcomes: [], inputTokens: 0, outputTokens: 0 }
  const spend = (usage: Usage | undefined): void => {
    if (usage === undefined) return
    report.inputTokens += usage.inputTokens
    report.outputTokens += usage.outputTokens
    const dollars = priced && cost(usage, priced)
    if (dollars !== undefined) report.dollars = (report.dollars ?? 0) + dollars
  }
  for (const [scenario, { needs, run }] of Object.entries(scenarios)) {
    const started = performance.now()
    const over = (state: Outcome['state'], words: string): void => {
      report.outcomes.push({ scenario, state, words, ms: performance.now() - started })
    }
    if (needs !== undefined && !provider.info.settings.some(({ name }) => name === needs)) {
      over('none', `does not take ${needs}`)
      continue
    }
    try {
      over('right', await run({ ...subject, signal, spend }))
    } catch (error) {
      signal.throwIfAborted()
      over('wrong', error instanceof Error ? error.message : String(error))
    }
  }
  return report
}
