import type { HoldMode } from '../answer/hold.ts'

/** A key as it is stored: who has read this can't ask with it. */
export interface GatewayKey {
  /** Names it, in logs too: letters, digits and `-`. */
  id: string
  /** SHA-256 of the key, in hexadecimal: what {@link newKey} gives. */
  hash: string
  /** The models that it may ask for. @default all */
  models?: readonly string[] | undefined
  /** When it ends, in seconds since 1970. @default never */
  expires?: number | undefined
  /** How many requests it may make in a time, in milliseconds. @default any number */
  requests?: { readonly limit: number; readonly perMs: number } | undefined
  /** How many requests it may have under way. @default any number */
  concurrent?: number | undefined
  /** What is kept from its clients until it is sure. @default the gateway's */
  hold?: HoldMode | undefined
}

/**
 * Makes a key: 256 random bits. The text is shown once, to whom it is for; what is stored is its hash.
 *
 * @param id Names it: letters, digits and `-`.
 * @example
 * const { key, stored } = await newKey('build-server')
 * const server = gateway(provider, { keys: [stored] })
 */
export async function newKey(id: string): Promise<{ key: string; stored: GatewayKey }> {
  if (!isKeyId(id)) throw new TypeError('newKey: the id must be letters, digits and "-".')
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const secret = btoa(String.fromCharCode(...bytes))
  const key = `rvl_${id}_${secret.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
  return { key, stored: { id, hash: hexOf(await digestOf(key)) } }
}

export const isKeyId = (id: unknown): boolean => typeof id === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(id)

/** The id that a key names; `''` for a key of another form. */
export const idOf = (key: string): string => /^rvl_([A-Za-z0-9-]{1,64})_/.exec(key)?.[1] ?? ''

const encoder = new TextEncoder()

/** Where the runtime has it: at once, where WebCrypto takes a turn of another thread for each request. */
const builtIn = (globalThis.process as Partial<NodeJS.Process> | undefined)?.getBuiltinModule?.('node:crypto')
const atOnce: Partial<Pick<NonNullable<typeof builtIn>, 'hash'>> | undefined = builtIn

export const digestOf = (key: string): Uint8Array | Promise<Uint8Array> =>
  atOnce?.hash?.('sha256', key, 'buffer') ?? webDigestOf(key)

async function webDigestOf(key: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(key)))
}

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** What stands for a secret where it must be told from others. Without the salt, nobody can try which secret it is. */
export async function fingerprintOf(salt: string, secret = ''): Promise<string> {
  return hexOf(await digestOf(`${salt} ${secret}`)).slice(0, 16)
}

/** @throws TypeError for anything but 64 hexadecimal digits. */
export function bytesOfHash(what: string, hash: unknown): Uint8Array {
  if (typeof hash !== 'string' || !/^[\da-f]{64}$/i.test(hash)) {
    throw new TypeError(`${what} must be the SHA-256 of the key in hexadecimal, as newKey() gives it.`)
  }
  return Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(hash.slice(2 * at, 2 * at + 2), 16))
}

/** Takes the same time whatever differs. */
export function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length
  for (let at = 0; at < one.length; at++) difference |= (one[at] ?? 0) ^ (other[at] ?? 0)
  return difference === 0
}
