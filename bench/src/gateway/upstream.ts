/**
 * The endpoint of the servers that are measured, in a process of its own. The model says how it answers: `whole-8`, eight chunks in
 * one write; `paced-500`, 500 chunks, one each 10 ms; `slow-1`, one chunk and then silence until the client leaves. Prints its port.
 * Ends with its parent.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { answers } from '../wire/answers.ts'

const { openai } = answers
const GAP_MS = 10

const server = createServer((request, response) => {
  void answer(request, response).catch(() => response.destroy())
})

async function answer(request: Parameters<typeof text>[0], response: ServerResponse): Promise<void> {
  // Its only clients are the servers that are measured.
  const { model } = JSON.parse(await text(request)) as { model: string }
  const [how, count = ''] = model.split('-')
  const chunks = Number(count)
  response.writeHead(200, { 'content-type': openai.contentType })
  const all = Array.from({ length: chunks }, (_, index) => openai.chunkAt(index))
  if (how === 'whole') response.end(openai.head + all.join('') + openai.tail(chunks))
  else if (how === 'slow') response.write(openai.head + all.join(''))
  else pace(response, all)
}

function pace(response: ServerResponse, all: readonly string[]): void {
  response.write(openai.head)
  let index = 0
  const timer = setInterval(() => {
    const chunk = all[index++]
    if (chunk !== undefined) response.write(chunk)
    else response.end(openai.tail(all.length))
  }, GAP_MS)
  response.once('close', () => {
    clearInterval(timer)
  })
}

server.listen(0, '127.0.0.1', 10_000, () => {
  // The server listens on a port.
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin.resume()
process.stdin.once('end', () => {
  process.exit()
})
