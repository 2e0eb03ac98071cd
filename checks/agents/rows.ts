/** What agents are put to: a task, and what of it fails. */

import type { Fault } from '@rivulet/simulator'
import type { HoldMode } from '@rivulet/gateway'
import type { Agent } from './agents.ts'
import { cutInCall, type MakeFault, withoutFinishReason } from './endings.ts'
import { COUNT, LOOP, type Task } from './tasks.ts'
import { type OpenUpstream, script, simulators } from './upstream.ts'

/** How an agent reaches the endpoint: through the gateway, by what it holds, or without it. */
export type Through = HoldMode | 'no gateway'

export interface Row {
  /** For `--row`, and for people: what fails, or what follows "an answer that …". */
  name: string
  task: Task
  /** Where the first answer to a question breaks. */
  breaks: 'nowhere' | 'before content' | 'in text' | 'in a call'
  ways: readonly Through[]
  /** After this long the agent is ended. */
  seconds: number
  open: OpenUpstream
}

/** The most important first: what is not run in time is missing in the table. */
export const WAYS: readonly Through[] = ['answer', 'none', 'no gateway', 'calls']

const counting = (name: string, breaks: Row['breaks'], fault?: MakeFault | Fault): Row => ({
  name,
  task: COUNT,
  breaks,
  ways: WAYS,
  seconds: 60,
  open: simulators(typeof fault === 'function' ? fault : () => fault),
})
const after = (name: string, fault: MakeFault | Fault): Row => counting(name, 'in text', fault)
const before = (name: string, fault: Fault): Row => counting(name, 'before content', fault)

/** The rows in stages: all ways of a stage come before the next one. */
export const STAGES: readonly (readonly Row[])[] = [
  [
    { ...counting('nothing fails', 'nowhere'), ways: ['answer'] },
    {
      name: 'nothing fails, a loop of tools',
      task: LOOP,
      breaks: 'nowhere',
      ways: ['answer', 'calls'],
      seconds: 90,
      open: script({ cuts: false }),
    },
  ],
  [
    {
      name: 'is cut inside a call, in each turn of a loop of tools',
      task: LOOP,
      breaks: 'in a call',
      ways: WAYS,
      seconds: 90,
      open: script({ cuts: true }),
    },
    {
      ...counting('is silent for 30 s before its first content', 'nowhere', { kind: 'slow-accept', delayMs: 30_000 }),
      ways: ['answer', 'none', 'no gateway'],
      seconds: 90,
    },
  ],
  [
    after('ends cleanly without its end mark', { kind: 'truncate' }),
    after('ends with its mark without a finish reason', withoutFinishReason),
    after('is reset', { kind: 'reset-mid-stream' }),
    after('has an error of the dialect inside', { kind: 'error-mid-stream' }),
    counting("is cut inside a tool call's arguments", 'in a call', cutInCall),
    before('never begins: 503', { kind: 'status', status: 503 }),
    before('never begins: 429, retry-after: 1', { kind: 'retry-after' }),
    before('never begins: 402', { kind: 'status', status: 402 }),
  ],
]

/** Another model of an agent counts as the first does: it adds its tools alone. */
export const takesPart = ({ name }: Agent, { task }: Row): boolean => name !== 'codex-5' || task === LOOP
