import type { ServerProtocol } from '@rivulet/core/provider'
import { DIALECTS, type DialectSides } from '@rivulet/dialects/dialects'
import { simulator, type Simulator } from '@rivulet/simulator'
import { type Agent, AGENTS } from './agents.ts'
import { capture, type Captured } from './capture.ts'
import { place, programOf, run } from './start.ts'
import { LOOP, missingIn } from './tasks.ts'
import { differences, send, withoutOwnTools, withoutValues } from './ways.ts'

/** Starts each agent, sends on what it asked, and prints what became of it, by names alone. Fails when anything is wrong. */

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !AGENTS.some((agent) => agent.name === name))
if (unknown !== undefined) {
  process.stderr.write(`There is no agent "${unknown}". The agents are ${AGENTS.map(({ name }) => name).join(', ')}.\n`)
  process.exit(2)
}

const SECONDS = 60

let right = 0
let wrong = 0
let unsupported = 0
let skipped = 0
await using sim = await simulator({ seed: 1, pace: 'instant' })
for (const agent of AGENTS) {
  if (asked.length === 0 || asked.includes(agent.name)) await check(agent, sim)
}
print(`\n${right} right, ${wrong} wrong, ${unsupported} unsupported, ${skipped} skipped`)
if (wrong > 0 || right === 0) process.exitCode = 1

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function check(agent: Agent, sim: Simulator): Promise<void> {
  const own = DIALECTS.find(({ name }) => name === agent.dialect)
  if (own === undefined) throw new Error(`There is no dialect ${agent.dialect}`)
  const program = programOf(agent)
  if (program === undefined) {
    skip(agent.name, 'it is not installed on this platform')
    return
  }
  const alone = await ask(agent, program, own, own.server, sim)
  if (alone !== undefined) await sendAll(alone, true, own, sim)
  const several = await ask(agent, program, own, own.sealing, sim)
  if (several !== undefined) for (const to of DIALECTS) await sendAll(several, false, to, sim)
}

/** Starts an agent against a server half, and gives what it asked. */
async function ask(
  agent: Agent,
  program: string,
  own: DialectSides,
  protocol: ServerProtocol,
  sim: Simulator,
): Promise<readonly Captured[] | undefined> {
  const name = `${agent.name}, ${agent.dialect}, ${protocol === own.server ? 'one author' : 'several authors'}`
  await using where = await place()
  await using server = await capture({
    protocol,
    sides: own,
    turns: agent.turns,
    folder: where.folder,
    sim,
    cuts: false,
  })
  const ended = await run(agent, program, server.url, where, { prompt: LOOP.prompt, seconds: SECONDS })
  const { requests, others } = server
  if (requests.length === 0) {
    skip(name, `it asked for no answer${ended.code === null ? ' before it was ended' : `, exit code ${ended.code}`}`)
    return undefined
  }
  print(`\n${name}: ${requests.length} requests, ${countRead(requests)} read`)
  if (others.size > 0) print(`  also asked: ${[...others].sort().join(', ')}`)
  for (const [index, { read }] of requests.entries()) {
    if (read instanceof Error) verdict(false, `request ${index + 1}: read`, withoutValues(read))
  }
  const shows = `${ended.stdout}${ended.stderr}`.includes(LOOP.answer)
  const seen = `exit code ${ended.code ?? 'none'}${shows ? '' : ', the last answer is not shown'}`
  verdict(ended.code === 0 && shows, 'understands our answers', seen)
  const missing = missingIn(
    requests.flatMap(({ read }) => (read instanceof Error ? [] : [read.request])),
    agent.turns,
  )
  verdict(missing.length === 0, 'sends all results', missing.length === 0 ? 'and the picture' : missing.join(', '))
  return requests
}

/** Sends on what an agent asked, and prints what became of it. */
async function sendAll(
  requests: readonly Captured[],
  mustBeEqual: boolean,
  to: DialectSides,
  sim: Simulator,
): Promise<void> {
  const dropped = new Set<string>()
  const faults = new Map<string, number[]>()
  let accepted = 0
  let equal = 0
  let whole = 0
  let without = 0
  const note = (reason: string, index: number): void => {
    faults.set(reason, [...(faults.get(reason) ?? []), index + 1])
  }
  for (const [index, { call, read }] of requests.entries()) {
    if (read instanceof Error) continue
    let way = await send(sim, read.request, to)
    const portable = way.unsupported ? withoutOwnTools(read.request) : undefined
    if (portable !== undefined) {
      note(`unsupported: its own tools (${portable.left.sort().join(', ')}); sent again without them`, index)
      without++
      way = await send(sim, portable.request, to)
    }
    for (const name of way.dropped) dropped.add(name)
    if (way.lost.length > 0) note(`lost: ${way.lost.join(', ')}`, index)
    else whole++
    if (way.accepted) accepted++
    else note(`${way.unsupported ? 'unsupported' : 'refused'}: ${way.reason}`, index)
    const differing = way.sent === undefined ? ['nothing was sent'] : differences(call.body, way.sent)
    if (differing.length === 0) equal++
    else if (mustBeEqual) note(`not equal: ${differing.join(', ')}`, index)
  }
  const all = countRead(requests)
  verdict(
    accepted === all && whole === all && (!mustBeEqual || equal === all),
    `to ${to.name}`,
    `${accepted} of ${all} accepted${mustBeEqual ? `, ${equal} equal` : ''}`,
    without,
  )
  if (dropped.size > 0) print(`      dropped: ${[...dropped].sort().join(' · ')}`)
  for (const [reason, indexes] of faults) print(`      requests ${indexes.join(', ')}: ${reason}`)
}

function countRead(requests: readonly Captured[]): number {
  return requests.filter(({ read }) => !(read instanceof Error)).length
}

/** @param without How many requests were accepted only without what the dialect has no word for. */
function verdict(isRight: boolean, about: string, seen: string, without = 0): void {
  const word = !isRight ? 'WRONG' : without > 0 ? 'unsupported' : 'right'
  if (!isRight) wrong++
  else if (without > 0) unsupported++
  else right++
  print(`  ${about.padEnd(24)} ${word.padEnd(11)} ${seen}`)
}

function skip(name: string, reason: string): void {
  skipped++
  print(`\n${name}: skipped, because ${reason}`)
}
