/** The other end, in a process of its own so that its work is not counted: `/{events}/{perRead}/`, on a port that it prints. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { frameOf, LAST_FRAME } from './members.ts'

const server = createServer((request, response) => {
  request.resume()
  const [, events = 0, perRead = 1] = (request.url ?? '').split('/').map(Number)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  let index = 0
  const write = (): void => {
    if (index >= events) {
      response.end(LAST_FRAME)
      return
    }
    let block = ''
    for (let left = perRead; left > 0 && index < events; left--) block += frameOf(index++)
    response.write(block, () => setImmediate(write))
  }
  write()
})

server.listen(0, '127.0.0.1', () => {
  // Listening on a TCP port, it has an address with a port.
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin.resume().on('end', () => process.exit())
