/**
 * The other end, in a process of its own so that its work is not counted: an endpoint that streams one of the answers.
 * A base URL says which, how, and how many chunks: `/openai/backlogged/20000`, `/anthropic/paced/2000`; what a client puts
 * behind it is not looked at. Prints its port. Ends with its parent.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answer, type AnswerName, answers } from './answers.ts'

/** A backlogged body is written in blocks of what a read of the socket takes. */
const BLOCK_CHARACTERS = 64 * 1024

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
  const open = (bytes?: number): void => {
    // Who only counts bytes can tell by this header whether it had them all.
    response.writeHead(200, {
      'content-type': answer.contentType,
      ...(bytes !== undefined && { 'x-body-bytes': bytes }),
    })
  }
  if (mode === 'paced') {
    open(bytesOf(name ?? '', answer, chunks))
    pace(response, answer, chunks)
  } else if (chunks <= 1000) {
    const body = bodyOf(name ?? '', answer, chunks)
    open(body.length)
    response.end(body)
  } else {
    open(bytesOf(name ?? '', answer, chunks))
    flood(response, answer, chunks)
  }
})

const bodies = new Map<string, Buffer>()

/** Short answers are asked for ten thousand at once: each is made once. */
function bodyOf(name: string, answer: Answer, chunks: number): Buffer {
  const key = `${name} ${chunks}`
  const known = bodies.get(key)
  if (known !== undefined) return known
  let text = answer.head
  for (let index = 0; index < chunks; index++) text += answer.chunkAt(index)
  const body = Buffer.from(text + answer.tail(chunks))
  bodies.set(key, body)
  return body
}

const sizes = new Map<string, number>()

function bytesOf(name: string, answer: Answer, chunks: number): number {
  const key = `${name} ${chunks}`
  const known = sizes.get(key)
  if (known !== undefined) return known
  let bytes = Buffer.byteLength(answer.head + answer.tail(chunks))
  for (let index = 0; index < chunks; index++) bytes += Buffer.byteLength(answer.chunkAt(index))
  sizes.set(key, bytes)
  return bytes
}

/** As fast as it is taken. */
function flood(response: ServerResponse, answer: Answer, chunks: number): void {
  let index = 0
  let block = answer.head
  const go = (): void => {
    while (index < chunks) {
      block += answer.chunkAt(index++)
      if (block.length < BLOCK_CHARACTERS) continue
      const taken = response.write(block)
      block = ''
      if (taken) continue
      response.once('drain', go)
      return
    }
    response.end(block + answer.tail(chunks))
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
