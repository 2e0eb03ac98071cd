import type { Answer } from './answers.ts'
import type { Connection } from './connections.ts'
import type { Chat, Dialect, Part, Reply } from './dialect.ts'
import type { FaultOptions } from './fault-options.ts'
import type { Rules } from './incoming.ts'
import type { Pacer } from './pace.ts'
import type { Random } from './random.ts'
import type { Wire } from './wire.ts'

/** Everything a fault needs to spoil an answer that was ready to be written. */
export interface Scene {
  readonly wire: Wire
  readonly connection: Connection
  readonly dialect: Dialect
  readonly chat: Chat
  readonly answer: Answer
  /** What the dialect would have said. */
  readonly reply: Reply
  readonly pace: Pacer
  readonly random: Random
  /** The simulator's own. */
  readonly seed: number
  /** How often this has been asked, from 1. */
  readonly attempt: number
  /** The path and the query, as they came. */
  readonly target: string
  /** Another answer, or the same under other rules, as the dialect spells it. */
  readonly replyTo: (answer: Answer, rules?: Partial<Rules>) => Reply
  /** Corrects what is recorded of this request: the fault that it really met, the text that it really got. */
  readonly record: (correction: { readonly fault?: Struck | undefined; readonly answer?: string }) => void
}

/** A fault that has been chosen, by whoever chose it. */
export interface Struck extends FaultOptions {
  readonly kind: string
}

type Headers = Readonly<Record<string, string>>

/** The answer as it should be. */
export async function perform(scene: Scene): Promise<void> {
  await tell(scene, scene.reply.parts)
}

/** Other parts in the same way: one by one, or in one piece where the answer is one. `behind` follows the answer on the connection. */
export async function tell(
  scene: Scene,
  parts: readonly Part[],
  { headers = {}, behind }: { readonly headers?: Headers; readonly behind?: Uint8Array } = {},
): Promise<void> {
  const { wire, reply } = scene
  if (!reply.whole) {
    openReply(scene, headers)
    await play(scene, parts)
    await wire.end(behind)
    return
  }
  for (const part of parts) if (part.kind === 'content') await scene.pace(wire)
  const body = joined(parts)
  await wire.send(200, { 'content-type': reply.contentType, ...headers }, body, behind)
}

/** The status line and the headers of an answer that streams. */
export function openReply({ wire, reply }: Scene, headers: Headers = {}): void {
  wire.head(200, { 'content-type': reply.contentType, 'cache-control': 'no-cache', ...headers })
}

/** Writes parts, one write each, at the pace of the scene. */
export async function play({ wire, pace, reply }: Scene, parts: readonly Part[]): Promise<void> {
  for (const part of parts) {
    await (part.kind === 'content' ? pace(wire) : wire.turn())
    await wire.write(part.bytes)
    if (endsAnswer(reply, part)) wire.complete()
  }
}

/** Whether nothing that follows this part belongs to the answer: some dialects end with a mark, others with the reason. */
export function endsAnswer({ parts, endMark }: Reply, { kind }: Part): boolean {
  return endMark && kind !== 'content' && kind === parts.at(-1)?.kind
}

/** The parts up to the content token after which a fault strikes (or the last, in a short answer), and the rest. */
export function splitAt(
  parts: readonly Part[],
  { afterEvents }: { readonly afterEvents: number },
): [before: Part[], after: Part[]] {
  let seen = 0
  let end = 0
  for (const [index, { kind }] of parts.entries()) {
    if (kind === 'content' && ++seen > afterEvents) break
    if (kind === 'content' || kind === 'open') end = index + 1
  }
  return [parts.slice(0, end), parts.slice(end)]
}

/** Opens the answer and plays it up to the place where the fault strikes. Returns what is left. */
export async function playUntil(scene: Scene, options: { readonly afterEvents: number }): Promise<Part[]> {
  const [before, after] = splitAt(scene.reply.parts, options)
  openReply(scene)
  await play(scene, before)
  return after
}

/** Ends an unfinished answer so that its reader can know: as HTTP says where there is an end mark to miss, else by a cut. */
export async function endUnfinished({ wire, reply }: Scene): Promise<void> {
  await wire.turn()
  if (reply.endMark) await wire.end()
  else wire.fin()
}

export function joined(parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.map(({ bytes }) => bytes))
}
