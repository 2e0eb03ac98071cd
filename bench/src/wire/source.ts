/**
 * The endpoint that streams the answers, in a process of its own so that its work is not counted. A base URL names the answer, the
 * mode and the number of chunks: `/openai/backlogged/20000`, `/anthropic/paced/2000`, `/openai/idling/500`; the rest of the path is
 * ignored. Prints its port. Ends with its parent.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answer, type AnswerName, answers } from './answers.ts'

/** A backlogged body is written in blocks of the size of a read of the socket. */
const BLOCK_BYTES = 64 * 1024

/**
 * Between two chunks of a paced answer, in µs. A model takes 10,000; this is short enough to measure thousands of chunks, and longer
 * than any client needs for one, so that a read returns one.
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
  // For the contender that only counts bytes.
  response.writeHead(200, { 'content-type': answer.contentType, 'x-body-bytes': body.length })
  if (mode === 'paced') pace(response, answer, chunks)
  else if (mode === 'idling') idle(response, answer, chunks)
  else flood(response, body)
})

const bodies = new Map<string, Buffer>()

/** Made once: a body that is made while it is read would arrive in smaller pieces. */
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

/** Writes as fast as the client reads. */
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

/** Writes chunk by chunk. It polls the clock, because no timer is as precise as the gap. */
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

/** Between two chunks of an answer as a model sends it, in ms. */
const MODEL_GAP_MS = 10

let begun = 0

/** Writes a chunk at each tick of a timer. Answers that begin at once do not tick at once. */
function idle(response: ServerResponse, answer: Answer, chunks: number): void {
  let index = 0
  const tick = (): void => {
    if (index < chunks) response.write(answer.chunkAt(index++))
    else {
      clearInterval(timer)
      response.end(answer.tail(chunks))
    }
  }
  let timer: NodeJS.Timeout | undefined = setTimeout(() => {
    response.write(answer.head)
    timer = setInterval(tick, MODEL_GAP_MS)
  }, begun++ % MODEL_GAP_MS)
  response.once('close', () => {
    clearInterval(timer)
  })
}

server.keepAliveTimeout = 0
server.requestTimeout = 0
// For ten thousand connections at once.
server.listen({ port: 0, host: '127.0.0.1', backlog: 16_384 }, () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin.resume().on('end', () => process.exit())
