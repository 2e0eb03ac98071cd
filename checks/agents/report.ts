import { DIALECTS } from '@rivulet/dialects/dialects'
import { simulator, type Simulator } from '@rivulet/simulator'
import { type Agent, AGENTS } from './agents.ts'
import { capture, LAST_WORDS, type Captured } from './capture.ts'
import { place, programOf, run } from './start.ts'
import { differences, send } from './ways.ts'

/** Starts each agent, sends on what it asked, and prints what became of it, by names alone. Fails when anything is wrong. */

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !AGENTS.some((agent) => agent.name === name))
if (unknown !== undefined) {
  process.stderr.write(`There is no agent "${unknown}". The agents are ${AGENTS.map(({ name }) => name).join(', ')}.\n`)
  process.exit(2)
}

let right = 0
let wrong = 0
let skipped = 0
await using sim = await simulator({ seed: 1, pace: 'instant' })
for (const agent of AGENTS) {
  if (asked.length === 0 || asked.includes(agent.name)) await check(agent, sim)
}
print(`${right} right, ${wrong} wrong, ${skipped} agents skipped`)
if (wrong > 0 || right === 0) process.exitCode = 1

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function check(agent: Agent, sim: Simulator): Promise<void> {
  const own = DIALECTS.find(({ name }) => name === agent.dialect)
  if (own === undefined) throw new Error(`There is no dialect ${agent.dialect}`)
  const program = programOf(agent)
  if (program === undefined) {
    skip(agent, 'it is not installed on this platform')
    return
  }
  await using where = await place()
  await using server = await capture(own, agent.calls, where.folder, sim)
  const ended = await run(agent, program, server.url, where)
  const { requests, others } = server
  if (requests.length === 0) {
    skip(agent, `it asked for no answer${ended.code === null ? ' before it was ended' : `, exit code ${ended.code}`}`)
    return
  }
  print(`\n${agent.name} (${agent.dialect}): ${requests.length} requests, ${countRead(requests)} read`)
  if (others.size > 0) print(`  also asked: ${[...others].sort().join(', ')}`)
  const shows = `${ended.stdout}${ended.stderr}`.includes(LAST_WORDS)
  verdict(
    ended.code === 0 && shows,
    'understands our answers',
    `exit code ${ended.code ?? 'none'}${shows ? '' : ', the last answer is not shown'}`,
  )
  const results = requests.map(({ read }) =>
    read instanceof Error ? 0 : read.request.messages.filter(({ role }) => role === 'tool').length,
  )
  verdict(
    Math.max(...results) >= agent.calls.length,
    'sends the results of all tools',
    `${Math.max(...results)} of ${agent.calls.length}`,
  )
  for (const [index, { read }] of requests.entries()) {
    if (read instanceof Error) verdict(false, `request ${index + 1}: read`, read.message)
  }
  for (const to of DIALECTS) await sendAll(requests, own.name === to.name, to, sim)
}

async function sendAll(
  requests: readonly Captured[],
  isOwn: boolean,
  to: (typeof DIALECTS)[number],
  sim: Simulator,
): Promise<void> {
  const dropped = new Set<string>()
  const faults = new Map<string, number[]>()
  let accepted = 0
  let equal = 0
  const fault = (reason: string, index: number): void => {
    faults.set(reason, [...(faults.get(reason) ?? []), index + 1])
  }
  for (const [index, { call, read }] of requests.entries()) {
    if (read instanceof Error) continue
    const way = await send(sim, read.request, to)
    for (const name of way.dropped) dropped.add(name)
    if (way.accepted) accepted++
    else fault(`${way.unsupported ? 'unsupported' : 'refused'}: ${way.reason}`, index)
    if (!isOwn) continue
    const differing = way.sent === undefined ? ['nothing was sent'] : differences(call.body, way.sent)
    if (differing.length === 0) equal++
    else fault(`not equal: ${differing.join(', ')}`, index)
  }
  const all = countRead(requests)
  const words = `${accepted} of ${all} accepted${isOwn ? `, ${equal} equal` : ''}`
  verdict(accepted === all && (!isOwn || equal === all), `to ${to.name}`, words)
  if (dropped.size > 0) print(`      dropped: ${[...dropped].sort().join(' · ')}`)
  for (const [reason, indexes] of faults) print(`      requests ${indexes.join(', ')}: ${reason}`)
}

function countRead(requests: readonly Captured[]): number {
  return requests.filter(({ read }) => !(read instanceof Error)).length
}

function verdict(isRight: boolean, about: string, seen: string): void {
  if (isRight) right++
  else wrong++
  print(`  ${about.padEnd(30)}  ${isRight ? 'right' : 'WRONG'}  ${seen}`)
}

function skip({ name }: Agent, reason: string): void {
  skipped++
  print(`\n${name}: skipped, because ${reason}`)
}
