/**
 * How far a request walks through the house: the files and the functions of ours that run for one call. Counted by V8 (precise
 * coverage), on the sources, over loopback. Run it with `pnpm walks`; docs/decisions/walks.md keeps the figures.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Session } from 'node:inspector/promises'
import type { AddressInfo } from 'node:net'
import { collect } from '@rivulet/core'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { rivulet } from 'rivulet'

const answer = [{ content: 'Hel' }, { content: 'lo' }]
  .map((delta) => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`)
  .join('')
const end = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    if (request.headers.authorization === 'Bearer right') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(answer + end)
    } else {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"no such key"}}')
    }
  })
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })

interface Walk {
  files: number
  functions: number
}

/** What ran while `call` did. */
async function walked(call: () => Promise<unknown>): Promise<Walk> {
  await session.post('Profiler.takePreciseCoverage')
  await call()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  const entered = result
    .filter(({ url }) => /\/packages\/[^/]+\/src\//.test(url))
    // The first of a file's functions is the file itself.
    .map(({ functions }) => functions.slice(1).filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0).length)
    .filter((count) => count > 0)
  return { files: entered.length, functions: entered.reduce((sum, count) => sum + count, 0) }
}

const member = (apiKey: string) => openaiCompatible({ baseUrl, apiKey, models: [{ id: 'm1' }], id: `member-${apiKey}` })
const request = { model: 'm1', messages: [{ role: 'user' as const, content: 'Hello' }] }
const bare = member('right')
const river = rivulet({ providers: [bare] })
const refused = rivulet({ providers: [member('wrong')] })
const read = async (texts: AsyncIterable<string>): Promise<void> => {
  for await (const _ of texts);
}

const walks: [name: string, walk: Walk][] = [
  ['river.text(), the first call', await walked(() => read(river.text('Hello')))],
  ['river.text(), a later call', await walked(() => read(river.text('Hello')))],
  ['a bare provider, a later call', await walked(() => collect(bare.stream(request)))],
  ['a 401 on its way back', await walked(() => read(refused.text('Hello')).catch(() => undefined))],
]
server.close()
server.closeAllConnections()
session.disconnect()

process.stdout.write(`${'one call'.padEnd(34)}files  functions\n`)
for (const [name, { files, functions }] of walks) {
  process.stdout.write(`${name.padEnd(34)}${String(files).padStart(5)}${String(functions).padStart(11)}\n`)
}
