import { cost, type Usage } from '@rivulet/core'
import { scenarios } from './scenarios.ts'
import type { Subject } from './subject.ts'

/** The result of one scenario. */
interface Outcome {
  scenario: string
  /** `'none'`: the provider lacks a field that the scenario needs. */
  state: 'right' | 'wrong' | 'none'
  /** What was observed, or what is wrong. */
  words: string
  /** Duration in milliseconds. */
  ms: number
}

/** The results of one provider. */
export interface Report {
  subject: Subject
  outcomes: Outcome[]
  inputTokens: number
  outputTokens: number
  /** Cost in US dollars; `undefined` where the catalog has no price. */
  dollars?: number
}

/** Runs every scenario on one provider, one after the other. */
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
      over('none', `does not support ${needs}`)
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
