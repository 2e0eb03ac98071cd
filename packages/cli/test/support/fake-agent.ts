import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder that is deleted when the test ends. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-cli-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/**
 * Puts a program in the place of an agent.
 *
 * @param program JavaScript, a module.
 * @returns What the command must be started with.
 */
export function fakeAgent(name: string, program: string): { env: Record<string, string>; cwd: string; tmp: string } {
  const [bin, cwd, tmp] = [emptyFolder(), emptyFolder(), emptyFolder()]
  writeFileSync(join(bin, 'agent.mjs'), program)
  const file = join(bin, name)
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${join(bin, 'agent.mjs')}" "$@"\n`)
  chmodSync(file, 0o755)
  return { env: { PATH: `${bin}:/usr/bin:/bin`, HOME: cwd, TMPDIR: tmp }, cwd, tmp }
}
