import { pathToFileURL } from 'node:url'
import { COMPETITORS_FOLDER } from '../competitors.ts'
import { type Read, streams, type Work } from '../contender.ts'

/** The adapter of a competitor. It is JavaScript, which the compiler does not read: its imports may not be installed. */
export async function competitor(file: string): Promise<Work> {
  const module = (await import(pathToFileURL(`${COMPETITORS_FOLDER}speed/${file}`).href)) as { read: Read }
  return streams(module.read)
}
