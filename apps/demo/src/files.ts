import { readdir, readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { pageScripts } from './scripts.ts'

const FOLDER = new URL('../public/', import.meta.url)

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
}

/** What is served as it is. */
const STATIC = ['.css', '.svg']

/** The path of every file of the page. Nothing else is served. */
export async function paths(): Promise<string[]> {
  const found = await readdir(FOLDER, { recursive: true })
  const files = found.filter((name) => STATIC.includes(extname(name))).map((name) => `/${name.replaceAll('\\', '/')}`)
  return ['/', ...files, ...(await pageScripts()).keys()]
}

let known: Promise<ReadonlySet<string>> | undefined

/** The file at a path, or undefined. */
export async function file(path: string): Promise<Response | undefined> {
  known ??= paths().then((all) => new Set(all))
  if (!(await known).has(path)) return undefined
  const name = path === '/' ? '/index.html' : path
  const bytes = (await pageScripts()).get(path) ?? (await readFile(new URL(`.${name}`, FOLDER)))
  const type = TYPES[extname(name)] ?? ''
  return new Response(bytes, { headers: { 'content-type': type, 'cache-control': 'no-cache' } })
}
