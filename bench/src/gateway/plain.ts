/**
 * What the servers are compared with: node:http in front of `undici.dispatch`, without a key, a route, a limit or a check of the
 * end. `parsed`, the floor, parses every chunk and writes it anew, as a server must that speaks two dialects; `bytes` passes what
 * comes.
 */
import { createServer, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { Agent, type Dispatcher } from 'undici'

const { UPSTREAM = '', PORT } = process.env
const isParsed = process.argv[2] === 'parsed'
const agent = new Agent()

const server = createServer((request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(404).end()
    return
  }
  void text(request).then((body) => {
    // A proxy that speaks two dialects reads the request too.
    const sent = isParsed ? JSON.stringify(JSON.parse(body)) : body
    const headers = { 'content-type': 'application/json', authorization: 'Bearer key-of-the-upstream' }
    const path = request.url ?? '/'
    agent.dispatch({ origin: UPSTREAM, path, method: 'POST', headers, body: sent }, handlerOf(response))
  })
})

function handlerOf(response: ServerResponse): Dispatcher.DispatchHandler {
  let abort: ((reason: Error) => void) | undefined
  const decoder = new TextDecoder()
  let rest = ''
  response.once('close', () => {
    if (!response.writableFinished) abort?.(new Error('the client left'))
  })
  return {
    onRequestStart(controller) {
      abort = (reason) => {
        controller.abort(reason)
      }
    },
    onResponseStart(_controller, status, headers) {
      response.writeHead(status, { 'content-type': String(headers['content-type']) })
    },
    onResponseData(_controller, chunk) {
      if (!isParsed) {
        response.write(chunk)
        return
      }
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      let out = ''
      for (const line of lines) {
        if (!line.startsWith('data: ')) continue
        const data = line.slice(6)
        out += `data: ${data === '[DONE]' ? data : JSON.stringify(JSON.parse(data))}\n\n`
      }
      response.write(out)
    },
    onResponseEnd() {
      response.end()
    },
    onResponseError() {
      response.destroy()
    },
  }
}

server.listen(Number(PORT), '127.0.0.1', 10_000)
