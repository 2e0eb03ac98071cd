import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'

/**
 * Copies the workspace as it is now, with what is not committed, to a temporary folder. Links between packages point into the copy,
 * so that its tests load the mutated files; other dependencies are those of the workspace.
 *
 * @returns The path of the copy. The caller removes it.
 */
export function copyWorkspace(root: string): string {
  // macOS gives a link for its temporary folder, and vitest would take the two paths for two files.
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'rivulet-mutants-')))
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  for (const file of listed.split('\0')) {
    // Git still lists a file that was removed but not committed.
    if (file === '' || !existsSync(join(root, file))) continue
    cpSync(join(root, file), join(copy, file))
  }
  for (const folder of globSync(['node_modules', '*/node_modules', '{packages,apps,checks}/*/node_modules'], {
    cwd: root,
  })) {
    linkPackages(root, copy, folder)
  }
  return copy
}

function linkPackages(root: string, copy: string, folder: string): void {
  for (const name of readdirSync(join(root, folder))) {
    if (name.startsWith('.')) continue
    if (name.startsWith('@')) linkPackages(root, copy, join(folder, name))
    else {
      const link = join(copy, folder, name)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(targetOf(realpathSync(join(root, folder, name)), root, copy), link)
    }
  }
}

/** A package of the workspace is replaced by its copy. */
function targetOf(target: string, root: string, copy: string): string {
  const path = relative(realpathSync(root), target)
  const isOurs = !path.startsWith('..') && !path.split(sep).includes('node_modules')
  return isOurs ? join(copy, path) : target
}
