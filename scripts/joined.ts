import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')

/** What CommonJS packages expect of the file in which they are. */
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`

/** A source file finds what it reads from where it was. */
const ownUrls: Plugin = {
  name: 'own-urls',
  setup(building) {
    building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8')
        .replaceAll('import.meta.url', () => JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', () => JSON.stringify(dirname(path)))
      return { contents, loader: 'ts' }
    })
  },
}

/**
 * Joins the sources of a program into one file, for tests that start it many times: to find and load 500 files takes most of the
 * time of a short process.
 *
 * @param program The path of its first source file.
 * @returns The path of the joined file, which any Node starts without flags.
 */
export async function joined(program: string): Promise<string> {
  const file = join(ROOT, 'node_modules/.cache/joined', `${relative(ROOT, program).replaceAll(/\W/g, '-')}.mjs`)
  const { outputFiles } = await build({
    entryPoints: [program],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    conditions: ['@rivulet/source'],
    banner: { js: REQUIRE },
    // It looks for its own program beside itself.
    external: ['esbuild'],
    plugins: [ownUrls],
    write: false,
  })
  const [{ contents } = { contents: '' }] = outputFiles
  mkdirSync(dirname(file), { recursive: true })
  // Another worker may start the same program at this moment.
  writeFileSync(`${file}.${process.pid}`, contents)
  renameSync(`${file}.${process.pid}`, file)
  return file
}
