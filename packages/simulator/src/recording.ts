import { hash } from 'node:crypto'
import { isRecord } from './check.ts'
import type { Dialect } from './dialect.ts'
import { type DialectId, dialects } from './dialects.ts'
import type { TransferStats } from './wire.ts'

/** One request that reached the simulator, and its outcome. The outcome's fields change until `done` settles. */
export interface RecordedRequest {
  /** Counts from 1 over the life of the simulator. */
  readonly id: number
  /** `'none'` if the path belongs to no dialect. */
  readonly dialect: DialectId | 'none'
  readonly method: string
  /** As received, with the dialect's prefix: `/lockchat/v1/chat/completions`. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The parsed JSON; undefined if the body was not JSON. */
  readonly body: unknown
  readonly bodyText: string
  /** The status of the answer; 0 until it is written. */
  readonly status: number
  /** The requested model; absent if the request was rejected. */
  readonly model?: string
  /** The full text that the simulator sent or would have sent without a fault; '' if the request was rejected. */
  readonly answer: string
  /** The kind of fault that was applied to the request. */
  readonly fault?: string
  /** The number of its connection, counted from 1 over the life of the simulator; equal numbers mean a reused socket. */
  readonly connection: number
  /**
   * How often the same body has been sent to the same dialect since `clear()`, including this time. Fields that differ in
   * every request (the `conversationId` of Liaobots) are ignored. 0 if the body was not received.
   */
  readonly attempt: number
  /** Bytes of the answer's body, before chunk framing, and bytes written raw. */
  readonly bytesSent: number
  /** Of these, the bytes flushed to the operating system. The client may not have read all of them. */
  readonly bytesTaken: number
  /**
   * Whether a correct answer was flushed completely; final once `done` settles. False for a rejected request and for a
   * fault that breaks the answer.
   */
  readonly answerTaken: boolean
  /** Milliseconds from the request until the client closed its side before the answer was complete; at least 1. */
  readonly clientClosedMs?: number
  /** Resolves when the answer is complete or the connection is closed. Never rejects. */
  readonly done: Promise<void>
}

/** A recorded request that the server is still filling in. */
export type Entry = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] } & TransferStats

const maxEntries = 1000
/** Total characters of recorded request bodies: a thousand of the largest would be 10 GB. */
const maxBodyCharacters = 64 * 1024 * 1024
/** The number of distinct bodies whose attempts are counted. */
const maxCounted = 100_000

/** The latest requests, oldest first, in bounded memory. */
export interface Recording {
  readonly requests: readonly RecordedRequest[]
  /** The number of requests received, recorded or not. */
  readonly count: number
  nextId(): number
  /** Counts a request whose body has been received; returns its attempt number. */
  countAttempt(entry: Entry): number
  add(entry: Entry): void
  clear(): void
}

export function recording(): Recording {
  const requests: Entry[] = []
  const attempts = new Map<string, number>()
  let count = 0
  let bodyCharacters = 0
  return {
    requests,
    get count() {
      return count
    },
    nextId: () => ++count,
    countAttempt(entry) {
      const key = hash('sha256', `${entry.dialect} ${attemptKey(entry)}`)
      const attempt = (attempts.get(key) ?? 0) + 1
      attempts.set(key, attempt)
      for (const oldest of attempts.keys()) {
        if (attempts.size <= maxCounted) break
        attempts.delete(oldest)
      }
      return attempt
    },
    add(entry) {
      requests.push(entry)
      bodyCharacters += entry.bodyText.length
      while (requests.length > maxEntries || (bodyCharacters > maxBodyCharacters && requests.length > 1)) {
        bodyCharacters -= requests.shift()?.bodyText.length ?? 0
      }
    },
    clear() {
      requests.length = 0
      attempts.clear()
      bodyCharacters = 0
    },
  }
}

/** What identifies a repeated request: its body without the volatile fields. */
function attemptKey({ dialect: id, body, bodyText }: Entry): string {
  const { volatileFields = [] }: Partial<Dialect> = id === 'none' ? {} : dialects[id]
  if (volatileFields.length === 0 || !isRecord(body)) return bodyText
  return JSON.stringify(Object.entries(body).filter(([name]) => !volatileFields.includes(name)))
}
