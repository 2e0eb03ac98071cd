import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The workspace's own folders with dependencies. Others have a lock file of their own. */
const ROOMS = ['packages/*', 'apps/*', 'checks/*', 'examples', 'bench']

/** What is made from the rest, or belongs to one working copy. */
const LEFT_OUT = /^(?:node_modules|dist|coverage|\.git|\.turbo|\.samples-.*)$/

/** Copies the workspace as it is now, uncommitted files too, with links to what is installed: nothing is downloaded. */
export function copyWorkspace(root: string, copy: string): void {
  cpSync(root, copy, { recursive: true, filter: (path) => !LEFT_OUT.test(basename(path)) })
  // A folder of links rather than a link to the folder: what tools write into it stays in the copy.
  mkdirSync(join(copy, 'node_modules'))
  for (const entry of readdirSync(join(root, 'node_modules'))) {
    if (!entry.startsWith('.vite')) symlinkSync(join(root, 'node_modules', entry), join(copy, 'node_modules', entry))
  }
  for (const modules of globSync(
    ROOMS.map((room) => `${room}/node_modules`),
    { cwd: root },
  )) {
    if (existsSync(join(root, dirname(modules), 'pnpm-lock.yaml'))) continue
    cpSync(join(root, modules), join(copy, modules), {
      recursive: true,
      // They are relative, so that the copy's packages find each other.
      verbatimSymlinks: true,
      filter: (path) => !/node_modules\/\.(?!bin)/.test(path),
    })
  }
}

/** Links packages to those of the workspace that their manifests name, as an install would. */
export function linkPackages(root: string): void {
  const folders = globSync('packages/*/package.json', { cwd: root }).map(dirname)
  const manifests = folders.map((folder) => {
    // Its shape is npm's.
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      name: string
      dependencies?: Record<string, string>
      devDependencies?: Record<string, string>
    }
    return { folder, manifest }
  })
  const folderOf = new Map(manifests.map(({ folder, manifest }) => [manifest.name, folder]))
  for (const { folder, manifest } of manifests) {
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const target = folderOf.get(name)
      const link = join(root, folder, 'node_modules', name)
      if (target === undefined || existsSync(link)) continue
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(join(root, target), link)
    }
  }
}
