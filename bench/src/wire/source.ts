/**
 * The other end, in a process of its own so that its work is not counted: an endpoint that streams one of the answers.
 * A base URL says which, how, and how many chunks: `/openai/backlogged/20000`, `/anthropic/paced/2000`; what a client puts
 * behind it is not looked at. Prints its port. Ends with its parent.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answer, type AnswerName, answers } from './answers.ts'

/** A backlogged body is written in blocks of what a read of the socket takes. */
const BLOCK_BYTES = 64 * 1024

/**
 * Between one chunk and the next of a paced answer. A model leaves 10,000; this is short enough to measure thousands, and
 * longer than any client needs for a chunk, so that a read brings one.
 */
const GAP_US = 400

const server = createServer((request, response) => {
  request.resume()
  const [, name, mode, count] = (request.url ?? '').split('/')
  const answer = answers[name as AnswerName] as Answer | undefined
  const chunks = Number(count)
  if (answer === undefined || !Number.isInteger(chunks)) {
    response.writeHead(404).end()
    return
  }
  const body = bodyOf(name ?? '', answer, chunks)
  // Who only counts bytes can tell by this header whether it had them all.
  response.writeHead(200, { 'content-type': answer.contentType, 'x-body-bytes': body.length })
  if (mode === 'paced') pace(response, answer, chunks)
  else flood(response, body)
})

const bodies = new Map<string, Buffer>()

/** Each is made once: what is still being made while it is read comes in smaller reads, the longer it is. */
function bodyOf(name: string, answer: Answer, chunks: number): Buffer {
  const key = `${name} ${chunks}`
  const known = bodies.get(key)
  if (known !== undefined) return known
  const blocks = [Buffer.from(answer.head)]
  for (let index = 0; index < chunks;) {
    let text = ''
    while (index < chunks && text.length < BLOCK_BYTES) text += answer.chunkAt(index++)
    blocks.push(Buffer.from(text))
  }
  const body = Buffer.concat([...blocks, Buffer.from(answer.tail(chunks))])
  bodies.set(key, body)
  return body
}

/** As fast as it is taken. */
function flood(response: ServerResponse, body: Buffer): void {
  let at = 0
  const go = (): void => {
    for (; body.length - at > BLOCK_BYTES; at += BLOCK_BYTES) {
      if (response.write(body.subarray(at, at + BLOCK_BYTES))) continue
      at += BLOCK_BYTES
      response.once('drain', go)
      return
    }
    response.end(body.subarray(at))
  }
  go()
}

/** A write for each chunk. It turns and does not sleep: no timer is as fine as the gap. */
function pace(response: ServerResponse, answer: Answer, chunks: number): void {
  let index = -1
  let next = performance.now()
  const turn = (): void => {
    if (response.destroyed) return
    const now = performance.now()
    if (now >= next) {
      next = now + GAP_US / 1000
      if (index === chunks) {
        response.end(answer.tail(chunks))
        return
      }
      if (index >= 0) response.write(answer.chunkAt(index))
      else if (answer.head !== '') response.write(answer.head)
      index++
    }
    setImmediate(turn)
  }
  turn()
}

server.keepAliveTimeout = 0
server.requestTimeout = 0
// Ten thousand knock at once.
server.listen({ port: 0, host: '127.0.0.1', backlog: 16_384 }, () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin.resume().on('end', () => process.exit())
