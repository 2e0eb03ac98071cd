import { createHook } from 'node:async_hooks'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answers } from '../../src/wire/answers.ts'
import { REQUEST } from './memory.ts'
import { type SubjectName, subjects } from './subjects.ts'

/** What one read of a paced answer creates besides its events. */
export interface Counts {
  promises: number
  timers: number
}

const WARM = 20
const COUNTED = 400

/**
 * Reads an answer over a real socket. The next chunk is sent when the previous one has been read, so that a read returns exactly one.
 * Counts the promises and timers of each with Node's hooks.
 */
export async function countPaced(name: SubjectName): Promise<Counts> {
  const { head, chunkAt, tail, contentType } = answers.openai
  let response: ServerResponse | undefined
  const server = createServer((request, answer) => {
    request.resume()
    response = answer.writeHead(200, { 'content-type': contentType })
    response.write(head + chunkAt(0))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const counts: Counts = { promises: 0, timers: 0 }
  const hook = createHook({
    init(_id, type) {
      if (type === 'PROMISE') counts.promises++
      else if (type === 'Timeout') counts.timers++
    },
  })
  try {
    let chunks = 0
    for await (const event of subjects[name]({ baseUrl: `http://127.0.0.1:${port}` }).stream(REQUEST)) {
      if (event.type !== 'text') continue
      chunks++
      if (chunks === WARM) hook.enable()
      if (chunks === WARM + COUNTED) {
        hook.disable()
        response?.end(tail(chunks))
      } else if (chunks < WARM + COUNTED) response?.write(chunkAt(chunks))
    }
  } finally {
    hook.disable()
    server.closeAllConnections()
    server.close()
  }
  return { promises: counts.promises / COUNTED, timers: counts.timers / COUNTED }
}
