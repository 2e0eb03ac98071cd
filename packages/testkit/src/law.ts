import type { ChatRequest, Provider, ProviderOptions, Transport } from '@rivulet/core'
import type { ByteServer } from './byte-server.ts'
import type { Fixtures } from './fixtures.ts'

/** A provider under the laws. */
export interface Subject {
  /** For people: `'Lockchat'`. */
  name: string
  /**
   * Makes the provider with these options: hand them on, behind a credential of your own. What is random in its requests
   * must be fixed here, because equal requests must be equal bytes.
   */
  provider: (options: ProviderOptions) => Provider
  /** Asked again and again; the answers are fixtures. */
  request: ChatRequest
  /** The credentials that the provider is given: they may be seen nowhere but in its requests. @default [] */
  secrets?: readonly string[] | undefined
  answers: Fixtures
  /**
   * Puts something around the provider, and the laws hold of the whole: a layer, or a group of one. What a group of one
   * gives up with (`exhausted`, with one attempt) counts as that attempt. @default the provider as it is
   * @example (provider) => failover([provider])
   */
  wrap?: ((provider: Provider) => Provider) | undefined
  /**
   * Makes a group, for the laws of what a group does when its first member fails. Without it, they say nothing.
   * @example (members) => failover(members)
   */
  group?: ((members: readonly Provider[]) => Provider) | undefined
}

/** Everything that a law needs to try a subject: a server of its own, and one way to send. */
export interface LawContext {
  readonly subject: Subject
  readonly server: ByteServer
  readonly transport: Transport
  /** How long anything may take before it counts as hanging, in milliseconds. */
  readonly patienceMs: number
  /** Tries every case that a law knows, and not a sample of those that differ little. */
  readonly thorough: boolean
}

/** A sentence that is true of every provider. */
export interface Law {
  readonly name: string
  /** The rows of the truth table that it proves; none for a law of its own. */
  readonly rows: readonly number[]
  /**
   * No transport can change what it asserts: how bytes are decoded, or what is refused before a transport is called. It is
   * tried over one transport only.
   */
  readonly anyTransport?: true | undefined
  /** It speaks of a group, and says nothing of a provider alone. */
  readonly ofGroups?: true | undefined
  /** Why it says nothing of this subject; `undefined` when it does. */
  exempts?(subject: Subject): string | undefined
  /** Resolves with what was observed, in a few words; rejects with what is wrong. */
  run(context: LawContext): Promise<string>
}
