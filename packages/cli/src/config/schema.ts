import { readFileSync } from 'node:fs'
import type { GatewayKey, HoldMode } from '@rivulet/gateway'
import type { LogSetting } from '../serve/watchers.ts'

/** The part of JSON Schema that the configuration's schema uses. */
export interface Schema {
  readonly type: SchemaType | readonly SchemaType[]
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly minProperties?: number
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | false
}

type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'null'

/** What the schema describes: one file tells editors, the check of a configuration, and people. */
export interface Config {
  readonly providers: Readonly<Record<string, ProviderConfig>>
  readonly models?: Readonly<Record<string, ModelConfig>>
  readonly keys?: readonly GatewayKey[]
  readonly auth?: { readonly client: string }
  readonly listen?: { readonly host?: string; readonly port?: number; readonly hosts?: readonly string[] }
  readonly hold?: HoldMode
  readonly log?: LogSetting
  readonly observe?: { readonly host?: string; readonly port: number }
}

export interface ProviderConfig {
  readonly type?: string
  readonly baseUrl?: string
  readonly models?: readonly string[]
  /** Options of its factory, which checks them. */
  readonly [option: string]: unknown
}

export interface ModelConfig {
  readonly members: readonly string[]
  readonly policy?: 'failover' | 'round-robin' | 'random' | 'latency' | 'affinity' | 'hedge'
  readonly afterMs?: number
}

/** The published file, beside the sources and beside what is built from them. */
export function configSchema(): Schema {
  const file = new URL(import.meta.url.endsWith('.ts') ? '../../schema.json' : '../schema.json', import.meta.url)
  // The package's own file.
  return JSON.parse(readFileSync(file, 'utf8')) as Schema
}
