/**
 * The other end, in a process of its own so that its work is not counted: an endpoint that streams chat-completions chunks.
 * `/backlogged/20000` or `/paced/2000`, on a port that it prints. Ends with its parent.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const WORDS = [
  'The',
  ' river',
  ' runs',
  ' to',
  ' the',
  ' sea',
  ',',
  ' and',
  ' naïve',
  ' stones',
  ' 川',
  '.',
  '\\n',
  ' “so”',
]

/** The text of chunk `index`, as JSON has it: mostly plain words, sometimes an escape or more than a byte a letter. */
const wordAt = (index: number): string => WORDS[(index * 7) % WORDS.length] ?? ''

const chunkAt = (index: number): string =>
  `data: {"id":"chatcmpl-9tXk2LrJcQ8fYb3nV0aWs","object":"chat.completion.chunk","created":1732147200,` +
  `"model":"gpt-4-0613","system_fingerprint":"fp_7b1c0a9d2e","choices":[{"index":0,"delta":{"content":"${wordAt(index)}"},` +
  `"logprobs":null,"finish_reason":null}]}\n\n`

const END = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'

const server = createServer((request, response) => {
  request.resume()
  const [, mode, count] = (request.url ?? '').split('/')
  const chunks = Number(count)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (mode === 'paced') {
    pace(0)
  } else {
    // Backlogged: as many chunks to a write as a read of the socket takes.
    let block = ''
    for (let index = 0; index < chunks; index++) {
      block += chunkAt(index)
      if (block.length < 64 * 1024) continue
      response.write(block)
      block = ''
    }
    response.end(block + END)
  }
  function pace(index: number): void {
    if (index === chunks) response.end(END)
    else response.write(chunkAt(index), () => setImmediate(pace, index + 1))
  }
})

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin.resume().on('end', () => process.exit())
