import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { joined } from '../../../scripts/joined.ts'

const execute = promisify(execFile)

/** The output of a script beside this one, in a process of its own that runs the sources. */
export async function run(script: string, flags: readonly string[], ...args: string[]): Promise<string> {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const { stdout } = await execute(process.execPath, [
    '--conditions=@rivulet/source',
    '--no-warnings',
    ...flags,
    file,
    ...args,
  ])
  return stdout
}

const programs = new Map<string, Promise<string>>()

/** The same for a script that is run again and again: its sources are joined into one file. */
export async function runJoined(script: string, flags: readonly string[], ...args: string[]): Promise<string> {
  const program = programs.get(script) ?? joined(fileURLToPath(new URL(script, import.meta.url)))
  programs.set(script, program)
  const { stdout } = await execute(process.execPath, ['--no-warnings', ...flags, await program, ...args])
  return stdout
}
