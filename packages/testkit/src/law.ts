import type { ChatRequest, Provider, ProviderOptions, Transport } from '@rivulet/core'
import type { ByteServer } from './byte-server.ts'
import type { Fixtures } from './fixtures.ts'

/** A provider under the laws. */
export interface Subject {
  /** For people: `'Lockchat'`. */
  name: string
  /**
   * Makes the provider. It has to pass these options on, after a credential of your own. Fix here whatever is random in its
   * requests, because equal requests must be equal bytes.
   */
  provider: (options: ProviderOptions) => Provider
  /** The request that the laws send. */
  request: ChatRequest
  /** The credentials that the provider is given. They may appear in its requests and nowhere else. @default [] */
  secrets?: readonly string[] | undefined
  answers: Fixtures
  /**
   * Wraps the provider in a layer or a group of one, and applies the laws to the whole. When a group of one gives up with
   * `exhausted`, its only attempt counts. @default the provider as it is
   * @example (provider) => failover([provider])
   */
  wrap?: ((provider: Provider) => Provider) | undefined
  /**
   * Makes a group, for the laws about a group whose first member fails. Without it, they do not apply.
   * @example (members) => failover(members)
   */
  group?: ((members: readonly Provider[]) => Provider) | undefined
}

/** Everything that a law needs to try a subject: a server of its own, and a transport. */
export interface LawContext {
  readonly subject: Subject
  readonly server: ByteServer
  readonly transport: Transport
  /** How long anything may take before it counts as hanging, in milliseconds. */
  readonly patienceMs: number
  /** Tries every case of a law instead of a sample. */
  readonly thorough: boolean
}

/** A sentence that is true of every provider. */
export interface Law {
  readonly name: string
  /** The rows of the truth table that it proves, if any. */
  readonly rows: readonly number[]
  /**
   * No transport can change what it asserts: how bytes are decoded, or what is refused before a transport is called. It is
   * tried over one transport only.
   */
  readonly anyTransport?: true | undefined
  /** It is about groups, and does not apply to a provider alone. */
  readonly ofGroups?: true | undefined
  /** Why it does not apply to this subject; `undefined` when it applies. */
  exempts?(subject: Subject): string | undefined
  /** Resolves with what was observed, in a few words. Rejects with what is wrong. */
  run(context: LawContext): Promise<string>
}
