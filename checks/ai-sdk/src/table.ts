import { createOpenAI } from '@ai-sdk/openai'
import { asLanguageModel } from '@rivulet/ai-sdk'
import { deadlines, pipe, type Provider } from '@rivulet/core'
import { openai } from '@rivulet/provider-openai'
import { failover } from '@rivulet/router'
import { type Fault, simulator } from '@rivulet/simulator'
import type { LanguageModel } from 'ai'
import { type Call, generate, loop, page, type Seen, stream } from './calls.ts'
import type { Row } from './rows.ts'

export const calls = {
  streamText: stream,
  generateText: generate,
  'a tool loop': loop,
} satisfies Record<string, Call>

/** The model of a call: the AI SDK's own, one of ours, or a failover of two, of which the first has the fault. */
export const bases = ['without Rivulet', 'one member', 'a failover of two'] as const
type Base = (typeof bases)[number]

export interface Cell {
  outcome: string
  requests: number
}

const MODEL = 'gpt-6.1-terra'
const apiKey = 'a-key'
/** Far more than a sound answer takes, on a busy machine too. */
const QUIET_MS = 2_000
const TOTAL_MS = 5_000
const LIMITS = { connectMs: QUIET_MS, firstTokenMs: QUIET_MS, idleMs: QUIET_MS, totalMs: TOTAL_MS }
const TIMEOUT = { totalMs: TOTAL_MS, firstChunkMs: QUIET_MS, chunkMs: QUIET_MS }
/** Nothing listens there. */
const CLOSED = 'http://127.0.0.1:1/v1'

/** One call under one fault. */
export async function cell(row: Row, base: Base, name: keyof typeof calls, whole: Seen): Promise<Cell> {
  return under(row, async (at) => {
    // Ours have deadlines, which are of each attempt.
    const timeout = base === 'without Rivulet' ? TIMEOUT : undefined
    return outcomeOf(await calls[name](modelOn(base, at), timeout), whole)
  })
}

/** A page with `useChat`, on a failover that starts over. */
export async function pageCell(row: Row, whole: Seen): Promise<Cell> {
  return under(row, async (at) => outcomeOf(await page(groupOf(at), MODEL), whole))
}

/** What a call gives when nothing fails. */
export async function wholeOf(name: keyof typeof calls): Promise<Seen> {
  await using sim = await simulator()
  const seen = await calls[name](modelOn('without Rivulet', [sim.baseUrl('openai')]), undefined)
  if (seen.failed || seen.text === '') throw new Error(`${name} fails without a fault`)
  return seen
}

async function under(row: Row, run: (at: readonly [string, string]) => Promise<string>): Promise<Cell> {
  await using faulty = await simulator()
  await using sound = await simulator()
  if (row.fault !== 'refused') faulty.fault('openai', row.fault satisfies Fault)
  const outcome = await run([row.fault === 'refused' ? CLOSED : faulty.baseUrl('openai'), sound.baseUrl('openai')])
  return { outcome, requests: faulty.requests.length + sound.requests.length }
}

function modelOn(base: Base, at: readonly string[]): LanguageModel {
  switch (base) {
    case 'without Rivulet':
      return createOpenAI({ apiKey, ...(at[0] !== undefined && { baseURL: at[0] }) }).chat(MODEL)
    case 'one member':
      return asLanguageModel(memberAt(at[0]), MODEL, { retry: { backoffMs: 10 } })
    case 'a failover of two':
      return asLanguageModel(groupOf(at), MODEL)
  }
}

const memberAt = (baseUrl: string | undefined): Provider => pipe(openai({ apiKey, baseUrl }), deadlines(LIMITS))

const groupOf = (at: readonly string[]): Provider => failover(at.map(memberAt))

function outcomeOf({ text, failed, finish, ran }: Seen, whole: Seen): string {
  const isWhole = text === whole.text && ran === whole.ran
  const tools = ran === whole.ran || ran === 0 ? '' : `, the tool ran ${ran} times`
  if (isWhole) return failed ? 'whole, and an error' : 'whole'
  const shown = text === '' ? 'nothing' : 'a part'
  if (failed) return `${text === '' ? 'error' : 'a part, error'}${tools}`
  return `**${shown}, no error**${finish === undefined ? '' : `, finish \`${finish}\``}${tools}`
}
