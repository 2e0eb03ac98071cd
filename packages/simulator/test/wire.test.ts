import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { type TransferStats, Wire } from '../src/wire.ts'

/** Opens one connection, sends one request and lets `act` answer it; returns the received bytes and the counters. */
async function bytesFrom(act: (wire: Wire) => Promise<void> | void): Promise<{ text: string; stats: TransferStats }> {
  const stats: TransferStats = { status: 0, bytesSent: 0, bytesTaken: 0 }
  const server = createServer((request, response) => {
    void act(new Wire(request, response, stats))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server on a TCP port has an address object.
  const { port } = server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
  let text = ''
  for await (const bytes of socket as AsyncIterable<Buffer>) text += bytes.toString()
  server.close()
  await once(server, 'close')
  return { text, stats }
}

test('raw bytes may break every rule of HTTP', async () => {
  const bytes = 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nshort'
  const { text, stats } = await bytesFrom(async (wire) => {
    await wire.raw(bytes)
    wire.fin()
  })
  expect(text).toBe(bytes)
  expect(stats).toEqual({ status: 0, bytesSent: bytes.length, bytesTaken: bytes.length })
})

test('raw bytes may follow framed ones, in order', async () => {
  const { text } = await bytesFrom(async (wire) => {
    wire.head(200, { 'content-type': 'text/plain' })
    await wire.write(Buffer.from('one'))
    await wire.raw('zz\r\nnot a chunk')
    wire.fin()
  })
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(text.endsWith('\r\n\r\n3\r\none\r\nzz\r\nnot a chunk')).toBe(true)
})

test('a closed wire rejects writes and waits', async () => {
  const wires: Wire[] = []
  await bytesFrom((wire) => {
    wires.push(wire)
    wire.destroy()
  })
  const [wire] = wires
  await wire?.done
  await expect(wire?.write(Buffer.from('x'))).rejects.toThrow('The connection is closed')
  await expect(wire?.sleep(60_000)).rejects.toThrow()
})
