import { build, stop } from 'esbuild'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../public', import.meta.url))

/** What the page runs: itself, and the worker that colours code. */
const ENTRIES = { page: 'page.js', highlighter: 'prose/highlighter.js' }

let scripts: Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> | undefined

/** The scripts of the page with the libraries that they import, by their paths: made once, in about a tenth of a second. */
export const pageScripts = (): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> => (scripts ??= bundled())

async function bundled(): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const { outputFiles } = await build({
    absWorkingDir: FOLDER,
    entryPoints: ENTRIES,
    outdir: FOLDER,
    write: false,
    bundle: true,
    splitting: true,
    minify: true,
    sourcemap: 'linked',
    format: 'esm',
    target: 'es2024',
    // Rivulet's own packages, from their sources: nothing has to be built before.
    conditions: ['@rivulet/source'],
    logLevel: 'silent',
  })
  // Its process would live as long as this one.
  await stop()
  return new Map(
    outputFiles.map(({ path, contents }) => [
      path.slice(FOLDER.length).replaceAll('\\', '/'),
      Uint8Array.from(contents),
    ]),
  )
}
