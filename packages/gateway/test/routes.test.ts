import { systemClock } from '@rivulet/core/provider'
import { scriptedProvider } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { CLIENTS } from './support/clients.ts'
import { at } from './support/json.ts'
import { whole } from './support/providers.ts'
import { SERVERS, serving } from './support/serving.ts'

const provider = scriptedProvider('acme', systemClock, () => whole, {
  models: [{ id: 'one', name: 'One', contextTokens: 1000 }, { id: 'two' }],
})
const someText: unknown = expect.any(String)
const ofRequest: unknown = expect.stringMatching(/^req_/)
const openAi = { error: { message: someText, type: someText, param: null } }
const anthropic = {
  type: 'error',
  error: { type: someText, message: someText },
  request_id: ofRequest,
}
const google = (code: number): object => ({ error: { code, message: someText, status: someText } })

describe.each(SERVERS)('%s', (kind) => {
  test.each([
    ['an unknown path', 'GET', '/nowhere', 404, openAi],
    ['an unknown path that is posted to', 'POST', '/v1/nowhere', 404, openAi],
    ['another method of chat completions', 'GET', '/v1/chat/completions', 405, openAi],
    ['another method of Messages', 'DELETE', '/v1/messages', 405, anthropic],
    ['another method of Gemini', 'PUT', '/v1beta/models/m:generateContent', 405, google(405)],
    ['a WebSocket of Responses', 'GET', '/v1/responses', 426, openAi],
    ['a count of tokens, which only a vendor can give', 'POST', '/v1/messages/count_tokens?beta=true', 404, anthropic],
    ['a count of tokens in Gemini', 'POST', '/v1beta/models/m:countTokens', 404, google(404)],
    ['completions of a prompt', 'POST', '/v1/completions', 404, openAi],
    ['a model that there is not', 'GET', '/v1/models/three', 404, openAi],
    ['a path that is not percent-encoded', 'GET', '/v1/models/%zz', 400, openAi],
  ])('%s is refused in its dialect', async (_what, method, path, status, body) => {
    await using server = await serving(kind, provider)
    const before = provider.requests
    const response = await server.ask(path, { method })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toMatchObject(body)
    expect(provider.requests).toBe(before)
  })

  test('a refused method says which there are, and a refused prompt where to go', async () => {
    await using server = await serving(kind, provider)
    expect((await server.ask('/v1/messages')).headers.get('allow')).toBe('POST')
    expect(await (await server.post('/v1/completions', {})).text()).toContain('/v1/chat/completions')
    expect((await server.ask('/v1/responses')).headers.get('upgrade')).toBe('HTTP/1.1')
  })

  test.each(CLIENTS)(
    '$name: what is not JSON, is of another type or nested too deep is refused',
    async ({ path, body }) => {
      await using server = await serving(kind, provider)
      const statusOf = async (text: string, headers: Record<string, string> = {}): Promise<number> =>
        (await server.post(path(true), text, { headers })).status
      const deep = `{"x":${'['.repeat(5000)}${']'.repeat(5000)}}`
      expect([await statusOf('{"model":'), await statusOf('[]'), await statusOf(deep), await statusOf('')]).toEqual([
        400, 400, 400, 400,
      ])
      const asText = JSON.stringify(body(true))
      expect(await statusOf(asText, { 'content-type': 'text/plain' })).toBe(415)
      expect(await statusOf(asText, { 'content-type': 'application/x-www-form-urlencoded' })).toBe(415)
      expect(await statusOf(asText, { 'content-type': 'application/json; charset=utf-8' })).toBe(200)
    },
  )

  test('a server says that it is here, without a body to HEAD', async () => {
    await using server = await serving(kind, provider)
    const [head, hello] = [await server.ask('/', { method: 'HEAD' }), await server.ask('/api/hello')]
    expect([head.status, await head.text(), hello.status]).toEqual([200, '', 200])
    expect(await hello.json()).toEqual({ name: 'rivulet', message: 'hello' })
  })

  test('models are listed in the shapes of all clients at once, and one by one', async () => {
    await using server = await serving(kind, provider)
    const list: unknown = await (await server.ask('/v1/models')).json()
    expect(list).toMatchObject({
      object: 'list',
      data: [
        { id: 'one', object: 'model', type: 'model', display_name: 'One', created_at: someText },
        { id: 'two', object: 'model', type: 'model', display_name: 'two' },
      ],
      models: [{ slug: 'one', display_name: 'One', name: 'models/one' }, { slug: 'two' }],
      has_more: false,
      first_id: 'one',
      last_id: 'two',
    })
    expect(await (await server.ask('/v1/models/one')).json()).toMatchObject({
      ...Object(at(list, 'data', 0)),
      name: 'models/one',
    })
    expect(await (await server.ask('/v1beta/models')).json()).toMatchObject({
      models: [{ name: 'models/one', displayName: 'One', inputTokenLimit: 1000 }, { name: 'models/two' }],
    })
    expect(await (await server.ask('/v1beta/models/two')).json()).toMatchObject({ name: 'models/two' })
  })

  test('every answer has the id of its request', async () => {
    await using server = await serving(kind, provider)
    const [one, other, message] = [
      await server.ask('/v1/models'),
      await server.ask('/nowhere'),
      await server.ask('/v1/messages'),
    ]
    expect(one.headers.get('x-request-id')).toMatch(/^req_/)
    expect(other.headers.get('x-request-id')).toMatch(/^req_/)
    expect(message.headers.get('request-id')).toBe(at(await message.json(), 'request_id'))
  })
})
