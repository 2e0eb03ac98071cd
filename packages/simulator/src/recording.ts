import { hash } from 'node:crypto'
import { isRecord } from './check.ts'
import type { Dialect } from './dialect.ts'
import { type DialectId, dialects } from './dialects.ts'
import type { Ledger } from './wire.ts'

/** One request that reached the simulator, and what became of it. The last fields change until `done` is settled. */
export interface RecordedRequest {
  /** Counts from 1 over the life of the simulator. */
  readonly id: number
  /** `'none'` when the path belongs to no dialect. */
  readonly dialect: DialectId | 'none'
  readonly method: string
  /** As it came, with the dialect's prefix: `/lockchat/v1/chat/completions`. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The parsed JSON; undefined when it was not JSON. */
  readonly body: unknown
  readonly bodyText: string
  /** The status that was answered; 0 while there is none. */
  readonly status: number
  /** The model that was asked for; absent when the request was refused. */
  readonly model?: string
  /** The full text that the simulator sent, or meant to send; '' when the request was refused. */
  readonly answer: string
  /** The kind of fault that the request met. */
  readonly fault?: string
  /** On which connection it came, counted from 1 over the life of the simulator: equal numbers are a reused socket. */
  readonly connection: number
  /**
   * How often the same body has been sent to the same dialect since `clear()`, this time included. Fields that are new in
   * each request (the `conversationId` of Liaobots) do not count. 0 when the body never came.
   */
  readonly attempt: number
  /** Bytes of the answer's body, before chunk framing, and bytes written raw. */
  readonly bytesSent: number
  /** Of these, the bytes that left this process for the client. Socket buffers may hold some that it never read. */
  readonly bytesTaken: number
  /** A right answer left for the client whole; known when `done` is settled. False for a refusal, and for a fault that breaks the answer. */
  readonly answerTaken: boolean
  /** Milliseconds from the request to the client closing its side before the answer was complete, at least 1. */
  readonly clientClosedMs?: number
  /** Settled when the answer is complete or the connection is closed. Never rejects. */
  readonly done: Promise<void>
}

/** The same, as the server fills it in. */
export type Entry = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] } & Ledger

const maxEntries = 1000
/** Characters of request bodies that are kept in all: a thousand of the largest would be 10 GB. */
const maxBodyCharacters = 64 * 1024 * 1024
/** Different bodies whose attempts are counted. */
const maxCounted = 100_000

/** The last requests, oldest first, within bounds. */
export interface Recording {
  readonly requests: readonly RecordedRequest[]
  /** How many arrived, kept or not. */
  readonly count: number
  nextId(): number
  /** Counts a request whose body has come. */
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
      const key = hash('sha256', `${entry.dialect} ${question(entry)}`)
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

/** What is asked, without what is new in each request. */
function question({ dialect: id, body, bodyText }: Entry): string {
  const { freshFields = [] }: Partial<Dialect> = id === 'none' ? {} : dialects[id]
  if (freshFields.length === 0 || !isRecord(body)) return bodyText
  return JSON.stringify(Object.entries(body).filter(([name]) => !freshFields.includes(name)))
}
