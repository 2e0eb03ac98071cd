import type { Answer } from './answers.ts'
import type { Connection } from './connections.ts'
import type { Chat, Dialect, Part, Reply } from './dialect.ts'
import type { FaultOptions } from './fault-options.ts'
import type { Rules } from './incoming-request.ts'
import type { Pacer } from './pace.ts'
import type { Random } from './random.ts'
import type { Wire } from './wire.ts'

/** An answer that is ready to be written, with everything that a fault needs to corrupt it. */
export interface PendingAnswer {
  readonly wire: Wire
  readonly connection: Connection
  readonly dialect: Dialect
  readonly chat: Chat
  readonly answer: Answer
  /** The correct reply of the dialect. */
  readonly reply: Reply
  readonly pace: Pacer
  readonly random: Random
  /** The simulator's seed. */
  readonly seed: number
  /** How often this request has been sent, from 1. */
  readonly attempt: number
  /** The path and the query, as received. */
  readonly target: string
  /** Encodes another answer, or the same answer under other rules. */
  readonly replyTo: (answer: Answer, rules?: Partial<Rules>) => Reply
  /** Checks the request again under other rules. Throws the dialect's own error for it, which is then the answer. */
  readonly recheck: (rules: Partial<Rules>) => void
  /** Corrects the recorded request: the fault that was applied, the text that was sent. */
  readonly record: (correction: { readonly fault?: ChosenFault | undefined; readonly answer?: string }) => void
}

/** A fault that was set for a request or drawn by `random`. */
export interface ChosenFault extends FaultOptions {
  readonly kind: string
}

type Headers = Readonly<Record<string, string>>

/** Sends the correct answer. */
export async function sendAnswer(pending: PendingAnswer): Promise<void> {
  await sendParts(pending, pending.reply.parts)
}

/** Sends the given parts: one by one, or at once if the reply is a document. `trailing` bytes follow the answer. */
export async function sendParts(
  pending: PendingAnswer,
  parts: readonly Part[],
  { headers = {}, trailing }: { readonly headers?: Headers; readonly trailing?: Uint8Array } = {},
): Promise<void> {
  const { wire, reply } = pending
  if (!reply.isDocument) {
    writeHead(pending, headers)
    await writeParts(pending, parts)
    await wire.end(trailing)
    return
  }
  for (const part of parts) if (part.kind === 'content') await pending.pace(wire)
  const body = concat(parts)
  await wire.send(200, { 'content-type': reply.contentType, ...headers }, body, trailing)
}

/** Writes the status line and the headers of a streamed answer. */
export function writeHead({ wire, reply }: PendingAnswer, headers: Headers = {}): void {
  wire.head(200, { 'content-type': reply.contentType, 'cache-control': 'no-cache', ...headers })
}

/** Writes parts, one write each, at the answer's pace. */
export async function writeParts({ wire, pace, reply }: PendingAnswer, parts: readonly Part[]): Promise<void> {
  for (const part of parts) {
    await (part.kind === 'content' ? pace(wire) : wire.turn())
    await wire.write(part.bytes)
    if (endsAnswer(reply, part)) wire.markComplete()
  }
}

/** Whether this part ends the answer: the end mark in some dialects, the finish reason in others. */
export function endsAnswer({ parts, endMark }: Reply, { kind }: Part): boolean {
  return endMark && kind !== 'content' && kind === parts.at(-1)?.kind
}

/** Splits the parts after `afterEvents` content tokens, or after the last one in a short answer. */
export function splitAfter(
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

/** Writes the head and the parts before the fault. Returns the remaining parts. */
export async function writeUntil(pending: PendingAnswer, options: { readonly afterEvents: number }): Promise<Part[]> {
  const [before, after] = splitAfter(pending.reply.parts, options)
  writeHead(pending)
  await writeParts(pending, before)
  return after
}

/** Ends an unfinished answer so that readers can detect it: without an end mark in the dialect, by closing the connection. */
export async function endTruncated({ wire, reply }: PendingAnswer): Promise<void> {
  await wire.turn()
  if (reply.endMark) await wire.end()
  else wire.fin()
}

export function concat(parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.map(({ bytes }) => bytes))
}
