import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { markdown } from '../document.ts'
import { progress } from '../progress.ts'
import { ROOT } from '../subjects.ts'
import { aligned } from '../table.ts'
import { PEER_CASES, type PeerCase } from './cases.ts'
import { isInstalled, LIMITS, type Peer, PEERS, PEERS_FOLDER, runPeer } from './run.ts'
import { type Facts, type Verdict, verdictOf } from './verdict.ts'

export interface PeerFinding {
  peer: string
  row: number
  fault: string
  verdict: Verdict | 'no such thing'
  facts?: Facts
}

const AT_ONCE = 2

async function findingOf(peer: Peer, one: PeerCase): Promise<PeerFinding> {
  const about = { peer: peer.name, row: one.row, fault: one.name }
  if (one.only !== undefined && one.only !== peer.dialect) return { ...about, verdict: 'no such thing' }
  const { facts, text } = await runPeer(peer, one)
  return { ...about, verdict: verdictOf(one, facts, text), facts }
}

/** Every peer under every fault. Gives the exit code: what others do is a fact and no failure. */
export async function comparePeers(options: {
  row: number | undefined
  json: boolean
  write: boolean
}): Promise<number> {
  if (!isInstalled()) {
    process.stderr.write('installing the peers\n')
    // A folder with a lock file of its own: nothing of it is part of the workspace.
    const args = ['-y', 'pnpm@12', 'install', '--ignore-workspace', '--frozen-lockfile', '--ignore-scripts']
    execFileSync('npx', args, { cwd: PEERS_FOLDER, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const cases = PEER_CASES.filter(({ row }) => options.row === undefined || row === options.row)
  const jobs = cases.flatMap((one) => PEERS.map((peer) => ({ peer, one })))
  const findings: PeerFinding[] = []
  const line = progress()
  for (let at = 0; at < jobs.length; at += AT_ONCE) {
    const batch = jobs.slice(at, at + AT_ONCE)
    line.show(`${at} of ${jobs.length}: ${batch[0]?.one.name ?? ''}, ${batch[0]?.peer.name ?? ''}`)
    findings.push(...(await Promise.all(batch.map(({ peer, one }) => findingOf(peer, one)))))
  }
  line.end()
  const [head, lines] = tableOf(findings)
  process.stdout.write(options.json ? `${JSON.stringify(findings, undefined, 2)}\n` : `${aligned([head, ...lines])}\n`)
  if (options.write && options.row === undefined) writeFileSync(join(ROOT, 'docs/peers.md'), peersDocument(findings))
  return 0
}

function tableOf(findings: readonly PeerFinding[]): [string[], string[][]] {
  const names = PEERS.map(({ name }) => name)
  const faults = [...new Set(findings.map(({ fault }) => fault))]
  const lines = faults.map((fault) => {
    const found = findings.filter((one) => one.fault === fault)
    const verdicts = names.map((name) => found.find(({ peer }) => peer === name)?.verdict ?? '')
    return [String(found[0]?.row ?? ''), fault, ...verdicts]
  })
  const right = names.map((name) => {
    const of = findings.filter(({ peer, verdict }) => peer === name && verdict !== 'no such thing')
    return `${of.filter(({ verdict }) => verdict === 'right').length} of ${of.length} right`
  })
  return [
    ['row', 'the fault', ...names],
    [...lines, ['', '', ...right]],
  ]
}

function versions(): string {
  const { dependencies } = JSON.parse(readFileSync(join(PEERS_FOLDER, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  return Object.entries(dependencies)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
}

export function peersDocument(findings: readonly PeerFinding[], date = new Date()): string {
  const [head, lines] = tableOf(findings)
  return `# The same faults, other libraries

Each library reads the same bytes, from the same raw TCP server, in a process of its own, in the way in which its own
documentation reads a stream (\`bench/peers\`). Defaults, but for two things: retries are off where there is an option for it,
so that a fault is seen and not repeated; and timeouts are set to 1.5 seconds where there is an option for it (Rivulet's
deadlines too), because the usual ones are minutes. Written by \`pnpm truth --peers --write\`.

${markdown(head, lines)}

The verdicts are facts. *right*: an error where the answer did not come whole, with the endpoint's own words where it had
some; the whole text where it did; and where the server keeps the connection open, closed within ${LIMITS.closeMs / 1000} seconds. *quiet success*: the
loop ends as if all were well. *wrong error*: an error that does not say what the endpoint said, or an error where there was
none. *hangs*: neither an end nor an error ${LIMITS.settleMs / 1000} seconds after the request. *leaves the socket open*: the caller is done and the
endpoint goes on sending. *takes all of it*: 100 MiB that nobody wants are read. *follows it*: the question goes to another
origin. The \`ai\` package is read by \`fullStream\`, where errors are parts; by \`textStream\`, they end the loop quietly.

${versions()}; Node ${process.versions.node}; ${date.toISOString().slice(0, 10)}.
`
}
