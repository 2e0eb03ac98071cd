import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

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
