import { fileURLToPath } from 'node:url'
import { openProcess, type Source } from '../open-source.ts'

/** Starts the endpoint of the servers in a process of its own. */
export const openUpstream = (): Promise<Source> => openProcess(fileURLToPath(new URL('upstream.ts', import.meta.url)))
