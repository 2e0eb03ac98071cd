import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Read, streams, type Work } from '../contender.ts'

/** Where the others live: a folder with a lock file of its own, so that none of them is ever our dependency. */
export const RIVALS = fileURLToPath(new URL('../../rivals/', import.meta.url))

export const rivalsAreInstalled = (): boolean => existsSync(`${RIVALS}node_modules/openai/package.json`)

/** A rival's adapter. JavaScript, and not known to the compiler: what it imports may not be installed. */
export async function rival(file: string): Promise<Work> {
  const module = (await import(new URL(`../../rivals/${file}`, import.meta.url).href)) as { read: Read }
  return streams(module.read)
}
