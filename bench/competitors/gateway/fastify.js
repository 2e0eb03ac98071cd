/** fastify in front of undici, with a key and a route: bytes through, as its own plugins for proxies do. */
import fastify from 'fastify'
import { Agent, request as ask } from 'undici'

const { UPSTREAM = '', PORT } = process.env
const app = fastify()
const dispatcher = new Agent()

app.post('/v1/chat/completions', async (request, reply) => {
  if (request.headers.authorization !== 'Bearer key-of-the-clients') return reply.code(401).send({ error: {} })
  const leaving = new AbortController()
  reply.raw.once('close', () => leaving.abort())
  const { statusCode, headers, body } = await ask(`${UPSTREAM}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer key-of-the-upstream' },
    body: JSON.stringify(request.body),
    signal: leaving.signal,
    dispatcher,
  })
  // A client that leaves ends the body with an error.
  body.on('error', () => reply.raw.destroy())
  return reply.code(statusCode).header('content-type', headers['content-type']).send(body)
})

await app.listen({ port: Number(PORT), host: '127.0.0.1', backlog: 10_000 })
