import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { progress } from '../progress.ts'
import { ROOT } from '../subjects.ts'
import { aligned } from '../table.ts'
import { PEER_CASES, type PeerCase } from './cases.ts'
import { peersDocument } from './document.ts'
import { type PeerFinding, rightOf, verdictsOf } from './finding.ts'
import { type Peer, PEERS, PEERS_FOLDER } from './peers.ts'
import { isInstalled, runPeer } from './run.ts'
import { verdictOf } from './verdict.ts'

const AT_ONCE = 2

async function findingOf(peer: Peer, one: PeerCase): Promise<PeerFinding> {
  const about = { peer: peer.name, row: one.row, fault: one.name }
  if (one.only !== undefined && one.only !== peer.dialect) return { ...about, verdict: 'no such thing' }
  const { facts, text } = await runPeer(peer, one)
  return { ...about, verdict: verdictOf(one, facts, text), facts }
}

/** A folder with a lock file of its own: nothing of it is part of the workspace. */
function install(): void {
  process.stderr.write('installing the peers\n')
  const args = ['-y', 'pnpm@12', 'install', '--ignore-workspace', '--frozen-lockfile', '--ignore-scripts']
  execFileSync('npx', args, { cwd: PEERS_FOLDER, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Every peer under every fault. Gives the exit code: what others do is a fact and no failure, what we do is one. */
export async function comparePeers(options: {
  row: number | undefined
  json: boolean
  write: boolean
}): Promise<number> {
  if (!isInstalled()) install()
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
  if (options.json) process.stdout.write(`${JSON.stringify(findings, undefined, 2)}\n`)
  else process.stdout.write(`${tableOf(findings)}\n`)
  if (options.write && options.row === undefined) writeFileSync(join(ROOT, 'docs/peers.md'), peersDocument(findings))
  const wrong = findings.filter(({ peer, verdict }) => peer.startsWith('rivulet') && isWrong(verdict))
  return wrong.length === 0 ? 0 : 1
}

const isWrong = (verdict: PeerFinding['verdict']): boolean => verdict !== 'right' && verdict !== 'no such thing'

/** For a terminal. */
function tableOf(findings: readonly PeerFinding[]): string {
  const names = PEERS.map(({ name }) => name)
  const lines = verdictsOf(findings, names).map(({ row, fault, verdicts }) => [String(row), fault, ...verdicts])
  const right = names.map((name) => `${rightOf(findings, name)} right`)
  return aligned([['row', 'the fault', ...names], ...lines, ['', '', ...right]])
}
