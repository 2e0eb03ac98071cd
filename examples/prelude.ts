/**
 * The names that an `@example` may use without saying where they come from: `pnpm samples` imports them. What a package
 * exports needs no line here.
 */
import type { ServerResponse } from 'node:http'
import type {
  ChatEvent,
  ChatRequest,
  ChatResult,
  Message,
  Provider,
  ProviderInfo,
  ProviderOptions,
  StandardSchema,
} from '@rivulet/core'
import type { HttpProviderSpec } from '@rivulet/core/provider'
import type { FixtureFile, Subject } from '@rivulet/testkit'

// A call, and what comes of it.
export declare const provider: Provider
export declare const request: ChatRequest
/** Of a group. */
export declare const members: readonly Provider[]
export declare const signal: AbortSignal
export declare const result: ChatResult
export declare const events: readonly ChatEvent[]
export declare const error: unknown
/** A conversation so far. */
export declare const history: Message[]

// A credential.
export declare const apiKey: string
export declare const auth: string

// A provider that is being written.
export declare const info: ProviderInfo
export declare const spec: HttpProviderSpec
export declare const options: ProviderOptions
export declare function acme(options?: ProviderOptions & { apiKey?: string }): Provider
/** What the laws of `@rivulet/testkit` are told about it. */
export declare const subject: Subject
export declare function fixture(file: string): FixtureFile

// The server half of a dialect.
/** The text of a request's body. */
export declare const text: string
export declare const response: ServerResponse

// A tool.
/** What zod gives for `z.object({ city: z.string() })`. */
export declare const citySchema: StandardSchema<{ city: string }>
export declare function weatherIn(city: unknown): Promise<string>
