import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Package, type Table, type Workspace, isTable, splitSpecifier, tableAt } from './workspace.ts'

// esbuild is tsup's, reached through tsup: the workspace does not list a second bundler. Only what is used is typed.
interface Resolved {
  path?: string
  external?: boolean
}
interface Plugin {
  name: string
  setup(build: {
    onResolve(on: { filter: RegExp }, run: (args: { path: string; kind: string }) => Resolved | undefined): void
  }): void
}
interface Esbuild {
  build(options: Record<string, unknown> & { plugins: Plugin[] }): Promise<{
    outputFiles: { path: string; contents: Uint8Array }[]
    metafile: { outputs: Record<string, { entryPoint?: string; imports: { path: string; kind: string }[] }> }
  }>
}

export interface Size {
  /** What a browser loads first: without what is loaded later (`import()`). */
  first: number
  all: number
}

/**
 * Bytes of a package's "." as a browser gets it: minified, gzipped, with the workspace packages it needs. Everything else
 * (undici, node:*) is left out. Undefined when it, or what it needs, is not built.
 */
export async function gzippedSize(workspace: Workspace, pack: Package): Promise<Size | undefined> {
  const entry = builtEntry(workspace, pack.name, '.')
  if (entry === undefined) return undefined
  const unbuilt: string[] = []
  const outside: Plugin = {
    name: 'outside',
    setup: (build) => {
      build.onResolve({ filter: /^[^./#]/ }, ({ path, kind }) => {
        if (kind === 'entry-point') return undefined
        const { name, subpath } = splitSpecifier(path)
        if (!workspace.packages.some((candidate) => candidate.name === name)) return { path, external: true }
        const file = builtEntry(workspace, name, subpath)
        if (file !== undefined) return { path: file }
        unbuilt.push(name)
        return { path, external: true }
      })
    },
  }
  const { outputFiles, metafile } = await esbuild(workspace.root).build({
    entryPoints: [entry],
    plugins: [outside],
    bundle: true,
    minify: true,
    write: false,
    splitting: true,
    metafile: true,
    outdir: workspace.root,
    absWorkingDir: workspace.root,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    logLevel: 'silent',
  })
  if (unbuilt.length > 0) return undefined
  const first = new Set<string>()
  const add = (path: string): void => {
    const output = metafile.outputs[path]
    if (output === undefined || first.has(path)) return
    first.add(path)
    for (const { path: imported, kind } of output.imports) if (kind === 'import-statement') add(imported)
  }
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    // A file that is loaded later is an entry too, but not the one that was asked for.
    if (entryPoint !== undefined && join(workspace.root, entryPoint) === entry) add(path)
  }
  const size: Size = { first: 0, all: 0 }
  for (const { path, contents } of outputFiles) {
    const { length } = gzipSync(contents, { level: 9 })
    size.all += length
    if (first.has(relative(workspace.root, path))) size.first += length
  }
  return size
}

function builtEntry({ root, packages }: Workspace, name: string, subpath: string): string | undefined {
  const pack = packages.find((candidate) => candidate.name === name)
  if (pack === undefined) return undefined
  const exported = tableAt(pack.manifest, 'exports')[subpath]
  const target = isTable(exported) ? browserTarget(exported) : undefined
  if (target === undefined) return undefined
  const file = join(root, pack.folder, target)
  return existsSync(file) ? file : undefined
}

function browserTarget(conditions: Table): string | undefined {
  const target = conditions.browser ?? conditions.import ?? conditions.default
  return isTable(target) ? browserTarget(target) : typeof target === 'string' ? target : undefined
}

function esbuild(root: string): Esbuild {
  const here = createRequire(join(import.meta.dirname, 'size.ts'))
  const tsup = createRequire(here.resolve('tsup'))
  try {
    // A module found at run time has no type: this is the part of esbuild's API that stands above.
    return tsup('esbuild') as Esbuild
  } catch (cause) {
    throw new Error(`esbuild, which tsup brings, cannot be loaded in ${root}: run pnpm install`, { cause })
  }
}
