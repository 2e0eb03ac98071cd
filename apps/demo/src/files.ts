import { readFile } from 'node:fs/promises'

const HTML = 'text/html; charset=utf-8'
const CSS = 'text/css; charset=utf-8'
const JS = 'text/javascript; charset=utf-8'
const SVG = 'image/svg+xml'

/** Every file of the page, by its path. Nothing else is served. */
export const FILES: Readonly<Record<string, { name: string; type: string }>> = {
  '/': { name: 'index.html', type: HTML },
  '/mark.svg': { name: 'mark.svg', type: SVG },
  '/page.css': { name: 'page.css', type: CSS },
  '/welcome.css': { name: 'welcome.css', type: CSS },
  '/composer.css': { name: 'composer.css', type: CSS },
  '/conversation.css': { name: 'conversation.css', type: CSS },
  '/prose.css': { name: 'prose.css', type: CSS },
  ...Object.fromEntries(
    [
      'page.js',
      'api.js',
      'answer.js',
      'blocks.js',
      'composer.js',
      'conversation.js',
      'elements.js',
      'auto-scroll.js',
      'inline.js',
      'list-items.js',
      'meter.js',
      'picker.js',
      'prose.js',
      'sse.js',
      'table.js',
      'error-messages.js',
    ].map((name) => [`/${name}`, { name, type: JS }]),
  ),
}

/** The file at a path, or undefined. */
export async function file(path: string): Promise<Response | undefined> {
  if (!Object.hasOwn(FILES, path)) return undefined
  const { name, type } = FILES[path] ?? { name: '', type: '' }
  const bytes = await readFile(new URL(`../public/${name}`, import.meta.url))
  return new Response(bytes, { headers: { 'content-type': type, 'cache-control': 'no-cache' } })
}
