import { readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { extname } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { paths } from '../src/files.ts'
import { demoServer } from '../src/server.ts'
import { demo, JSON_TYPE, question, raw, backend } from './harness.ts'

const TYPES: Readonly<Record<string, RegExp>> = {
  '.css': /^text\/css/,
  '.js': /^text\/javascript/,
  '.map': /^application\/json$/,
  '.svg': /^image\/svg\+xml$/,
}

test('the page and each of its files are served with strict security headers', async () => {
  const { server } = await demo()
  for (const path of await paths()) {
    const reply = await raw(server, path)
    expect(reply.status, path).toBe(200)
    expect(reply.headers['content-type']).toMatch(TYPES[extname(path)] ?? /^text\/html/)
    expect(reply.headers['x-content-type-options']).toBe('nosniff')
    expect(reply.headers['referrer-policy']).toBe('no-referrer')
    expect(reply.headers['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self'/)
    expect(reply.headers['content-security-policy']).not.toContain('unsafe')
    expect(reply.text).not.toBe('')
  }
  expect((await raw(server, '/', { method: 'HEAD' })).text).toBe('')
})

test('the paths are the page, its styles and pictures, and its scripts in one piece', async () => {
  const inFolder = await readdir(new URL('../public', import.meta.url), { recursive: true })
  const asTheyAre = inFolder.filter((name) => /\.(?:css|svg)$/.test(name)).map((name) => `/${name}`)
  const served = await paths()
  expect(served).toEqual(expect.arrayContaining(['/', '/page.js', '/highlighter.js', ...asTheyAre]))
  const others = served.filter((path) => !asTheyAre.includes(path))
  expect(others.filter((path) => !/^\/(?:(?:page|highlighter|chunk-\w+|[\w-]+)\.js(?:\.map)?)?$/.test(path))).toEqual(
    [],
  )
})

test('the first view is at most 120 KB, compressed', async () => {
  const { server } = await demo()
  const { text } = await raw(server, '/')
  const loaded = new Map([['/', text]])
  const paths = [...text.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js|svg))"/g)].map(([, path = '']) => path)
  for (const path of paths) {
    const file = (await raw(server, path)).text
    loaded.set(path, file)
    // What a script imports at once is loaded with it; what it imports later is not part of the first view.
    for (const [, name = ''] of file.matchAll(/(?:from|import)\s*"\.\/(chunk-[^"]+)"/g)) {
      if (!paths.includes(`/${name}`)) paths.push(`/${name}`)
    }
  }
  expect([...loaded.keys()]).toEqual(expect.arrayContaining(['/', '/page.js', '/page.css']))
  const bytes = [...loaded.values()].reduce((sum, file) => sum + gzipSync(file).length, 0)
  expect(bytes).toBeLessThanOrEqual(120 * 1024)
})

test('the page has no inline script and no inline style', async () => {
  const { server } = await demo()
  const { text } = await raw(server, '/')
  expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:|https?:\/\//)
  expect(text.match(/<script[^>]*>/g)).toEqual(['<script type="module" src="/page.js">'])
})

test.each([
  '/../package.json',
  '/..%2fpackage.json',
  '/%2e%2e/package.json',
  '/public/../../package.json',
  '/./page.js',
  '//page.js',
  '/page.js/',
  '/page.js%00',
  '/tsconfig.json',
  '/index.html',
  '/api.js',
  '/__proto__',
  '/constructor',
  '/api/../page.js',
  'http://127.0.0.1/page.js',
])('%s is not found', async (path) => {
  const { server } = await demo()
  const reply = await raw(server, path)
  expect(reply.status).toBe(404)
  expect(reply.text).not.toContain('"private"')
})

test('a wrong method gets 405 with the allowed ones', async () => {
  const { server } = await demo()
  expect(await raw(server, '/', { method: 'POST' })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  expect(await raw(server, '/api/chat')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
  expect(await raw(server, '/api/models', { method: 'DELETE' })).toMatchObject({
    status: 405,
    headers: { allow: 'GET' },
  })
})

test('a foreign Host is rejected, against DNS rebinding', async () => {
  const { server } = await demo()
  for (const host of [
    'evil.example',
    `evil.example:${server.port}`,
    '127.0.0.1:1',
    '127.0.0.1',
    `localhost.:${server.port}`,
  ]) {
    expect((await raw(server, '/', { headers: { host } })).status, host).toBe(421)
  }
  expect((await raw(server, '/', { headers: { host: `localhost:${server.port}` } })).status).toBe(200)
})

test('a request from another site is rejected before any provider is called', async () => {
  const { server, backend } = await demo()
  const body = JSON.stringify(question('hello'))
  const foreign = [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: `https://127.0.0.1:${server.port}` },
    { origin: `http://localhost:${server.port}` },
    { origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of foreign) {
    const reply = await raw(server, '/api/chat', { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body })
    expect(reply.status, JSON.stringify(headers)).toBe(403)
    expect(reply.headers['access-control-allow-origin']).toBeUndefined()
  }
  expect(backend.simulator.requests).toHaveLength(0)
  const own = { ...JSON_TYPE, origin: server.url, 'sec-fetch-site': 'same-origin' }
  expect((await raw(server, '/api/chat', { method: 'POST', headers: own, body })).status).toBe(200)
})

test('if the port is in use, the server listens on the next free one', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  // A listening TCP server has an address object.
  const { port } = other.address() as AddressInfo
  await using server = await demoServer(await backend(), { port })
  expect(server.port).toBeGreaterThan(port)
  expect((await raw(server, '/')).status).toBe(200)
  other.close()
  await once(other, 'close')
})
