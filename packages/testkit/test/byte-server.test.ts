import { connect } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { byteServer, wireOf, writing } from '../src/index.ts'

const REQUEST = 'POST /play-1/chat?x=1 HTTP/1.1\r\nHost: here\r\nX-A: b\r\nContent-Length: 4\r\n\r\nbö!'

test('gives what the client sent, byte for byte', async () => {
  await using server = await byteServer()
  const play = server.play(() => undefined)
  expect(play.baseUrl).toBe(`${server.url}/play-1`)
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  for (const byte of Buffer.from(REQUEST)) socket.write(Uint8Array.of(byte))
  const { request } = await play.first
  expect(request).toMatchObject({ method: 'POST', target: '/play-1/chat?x=1', path: '/chat?x=1', body: 'bö!' })
  expect(request.headers).toEqual({ host: 'here', 'x-a': 'b', 'content-length': '4' })
  expect(Buffer.from(request.bytes).toString()).toBe(REQUEST)
  socket.destroy()
})

test('sends exactly the bytes of its script, and each write is a read of its own', async () => {
  await using server = await byteServer()
  const body = Buffer.from('Hello')
  const wire = wireOf({ contentType: 'text/plain', body }, 'chunked', [body.subarray(0, 2), body.subarray(2)])
  server.play(writing(wire, 'fin'))
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  const reads: string[] = []
  socket.on('data', (chunk: Buffer) => reads.push(chunk.toString()))
  socket.write(REQUEST)
  await once(socket, 'end')
  const head = 'HTTP/1.1 200 Status\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n'
  expect(reads).toEqual([head, '2\r\nHe\r\n', '3\r\nllo\r\n', '0\r\n\r\n'])
})

test('resets a connection', async () => {
  await using server = await byteServer()
  server.play((exchange) => exchange.reset())
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.write(REQUEST)
  const [error] = (await once(socket, 'error').catch((thrown: unknown) => [thrown])) as [NodeJS.ErrnoException]
  expect(error.code).toBe('ECONNRESET')
})

test('notices when the client closes, also in the middle of a write', async () => {
  await using server = await byteServer()
  const play = server.play(async (exchange) => {
    while (await exchange.write(Buffer.alloc(1024 * 1024)));
  })
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.write(REQUEST)
  await once(socket, 'data')
  socket.destroy()
  const exchange = await play.first
  await exchange.closed
  expect(exchange.isClosed).toBe(true)
  expect(exchange.bytesSent).toBeGreaterThan(0)
})

test('answers several requests on one connection, and several plays at a time', async () => {
  await using server = await byteServer()
  const answer = (body: string) => writing(wireOf({ contentType: 'text/plain', body: Buffer.from(body) }, 'length'))
  const plays = [server.play(answer('one')), server.play(answer('two'))]
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  let answers = ''
  socket.on('data', (chunk: Buffer) => (answers += chunk.toString()))
  for (const [name, words] of [
    ['play-1', /one$/],
    ['play-2', /two$/],
    ['play-1', /one$/],
  ] as const) {
    answers = ''
    socket.write(REQUEST.replace('play-1', name))
    while (!words.test(answers)) await once(socket, 'data')
  }
  expect(plays.map(({ exchanges }) => exchanges.length)).toEqual([2, 1])
  expect(server.connections).toHaveLength(1)
  socket.destroy()
})
