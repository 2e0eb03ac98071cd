import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { collect } from '../../src/reading/collect.ts'
import type { ErrorCode } from '../../src/error-codes.ts'
import { acme, readUntilFailure, eventsOf, failure, hello, textEvent, transports } from '../support/providers.ts'
import { END, frame, text } from '../support/plain.ts'
import { closed, serve, serveBytes } from '../support/servers.ts'

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n'
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`
const chunk = (body: string): string => `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`

describe.each(transports)('over %s', (_name, open) => {
  const at = (url: string) => acme(url, { transport: open() }).stream(hello)

  describe('a success status without an answer', () => {
    test.each<[string, string, string, ErrorCode, string]>([
      [
        'an HTML page',
        'text/html',
        '<!DOCTYPE html>\n<html><body>Log  in</body></html>',
        'malformed',
        'The body begins: <!DOCTYPE html> <html><body>Log in</body></html>',
      ],
      [
        'a page with the type of an event stream',
        'text/event-stream',
        '\uFEFF \n<html lang="en">',
        'malformed',
        'HTML page',
      ],
      ['an empty body', 'text/event-stream', '', 'malformed', 'a success status without a body'],
      ['plain text', 'text/plain', 'hello', 'truncated', 'acme: '],
      [
        'a JSON error',
        'application/json',
        '{"error":{"message":"slow down","code":"rate_limit_exceeded"}}',
        'rate-limited',
        'acme: slow down',
      ],
      [
        'a JSON error that is a string',
        'application/json',
        '{"error":"Invalid API key"}',
        'auth',
        'acme: Invalid API key',
      ],
      [
        'an error frame',
        'text/event-stream',
        frame('{"error":{"type":"overloaded_error","message":"busy"}}'),
        'overloaded',
        'acme: busy',
      ],
    ])('%s', async (_case, type, body, code, message) => {
      const server = await serve((response) => response.writeHead(200, { 'content-type': type }).end(body))
      const error = await failure(collect(at(server.url)), code)
      expect(error.message).toContain(message)
      expect(error).toMatchObject({ provider: 'acme' })
      expect(error).not.toHaveProperty('partial')
    })

    test('at most 200 characters of it are shown, and no control character', async () => {
      const body = `<html>\u001b[31m${'🌊'.repeat(1_000)}`
      const server = await serve((response) => response.end(body))
      const { message } = await failure(collect(at(server.url)), 'malformed')
      const shown = message.slice(message.indexOf('The body begins: ') + 17)
      expect(Array.from(shown)).toHaveLength(200)
      expect(shown.isWellFormed()).toBe(true)
      expect(shown).not.toContain('\u001b')
    })
  })

  describe('an answer that breaks off', () => {
    test.each<[string, string, (socket: Socket) => void]>([
      ['FIN between chunks', CHUNKED + chunk(text('half')), (socket) => socket.end()],
      ['FIN inside a chunk', CHUNKED + chunk(text('half')) + 'ff\r\ndata: ', (socket) => socket.end()],
      ['a clean end without the end mark', CHUNKED + chunk(text('half')) + '0\r\n\r\n', () => undefined],
      [
        'an end by FIN without the end mark',
        `${HEAD}connection: close\r\n\r\n${text('half')}`,
        (socket) => socket.end(),
      ],
      ['less than content-length', `${HEAD}content-length: 1000\r\n\r\n${text('half')}`, (socket) => socket.end()],
      ['a broken chunk size', CHUNKED + chunk(text('half')) + 'zz\r\n', () => undefined],
    ])('by %s: the events so far are delivered, then it throws with them as partial', async (name, bytes, then) => {
      const server = await serveBytes((socket) =>
        socket.write(bytes, () => {
          then(socket)
        }),
      )
      const { events, reason } = await readUntilFailure(at(server.url))
      expect(events).toEqual([{ type: 'start', provider: 'acme', model: 'm1' }, textEvent('half')])
      expect(reason).toMatchObject({
        code: name === 'a broken chunk size' ? 'malformed' : 'truncated',
        provider: 'acme',
        partial: { provider: 'acme', model: 'm1', text: 'half', toolCalls: [] },
      })
      server.sockets[0]?.end()
      await closed(server.sockets[0])
    })

    test('by a reset: the reader keeps what it read, and gets truncated with that as partial', async () => {
      const server = await serveBytes((socket) => socket.write(CHUNKED + chunk(text('half'))))
      const texts: string[] = []
      const reading = (async () => {
        for await (const event of at(server.url)) {
          if (event.type !== 'text') continue
          texts.push(event.text)
          server.sockets[0]?.resetAndDestroy()
        }
      })()
      const error = await failure(reading, 'truncated')
      expect(texts).toEqual(['half'])
      expect(error.partial?.text).toBe('half')
    })

    test('before its head is a network failure', async () => {
      const server = await serveBytes((socket) => socket.resetAndDestroy())
      const error = await failure(collect(at(server.url)), 'network')
      expect(error).not.toHaveProperty('partial')
    })

    test('because it is not HTTP is malformed', async () => {
      const server = await serveBytes((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
      await failure(collect(at(server.url)), 'malformed')
    })
  })

  test('a failure inside the answer: the events before it first, then its error, with partial', async () => {
    const body =
      text('a') + text('b') + frame('{"error":{"code":"rate_limit_exceeded","message":"slow down"}}') + text('c')
    const server = await serve((response) => response.end(body))
    const { events, reason } = await readUntilFailure(at(server.url))
    expect(events.slice(1)).toEqual([textEvent('a'), textEvent('b')])
    expect(reason).toMatchObject({ code: 'rate-limited', message: 'acme: slow down', partial: { text: 'ab' } })
  })

  test('everything after the end mark is ignored', async () => {
    const after = text('more') + frame('{"error":"boom"}') + END + frame('not JSON')
    const server = await serve((response) => response.end(text('a') + END + after))
    const events = await eventsOf(at(server.url))
    expect(events.slice(1)).toEqual([textEvent('a'), { type: 'finish', reason: 'stop' }])
  })

  test('the end mark ends the answer even if the connection stays open, and the connection is closed', async () => {
    const server = await serve((response) => response.write(text('a') + END))
    expect((await collect(at(server.url))).text).toBe('a')
    await closed(server.sockets[0])
  })

  test('the end mark ends the answer even if endless bytes follow it, and the connection is closed', async () => {
    const server = await serve((response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(frame('x'.repeat(1_000))));
      }
      response.on('drain', more)
      response.write(text('a') + END)
      more()
    })
    expect((await collect(at(server.url))).text).toBe('a')
    await closed(server.sockets[0])
  })

  test('an answer is the same however the network cuts it', async () => {
    const body = text('漢🌊') + ': ping\r\n\r\n' + text('é') + END
    const server = await serveBytes((socket) => {
      socket.setNoDelay(true)
      socket.write(`${HEAD}connection: close\r\n\r\n`)
      for (const byte of Buffer.from(body)) socket.write(Uint8Array.of(byte))
      socket.end()
    })
    expect((await collect(at(server.url))).text).toBe('漢🌊é')
  })
})
