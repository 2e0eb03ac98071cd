import { once } from 'node:events'
import { request as open } from 'node:http'
import { systemClock } from '@rivulet/core/provider'
import { scriptedProvider } from '@rivulet/testkit'
import { expect, test } from 'vitest'
import { gateway } from '../src/index.ts'
import { whole } from './support/providers.ts'

const provider = scriptedProvider('acme', systemClock, () => whole)

test('a client that wants a WebSocket is told at once to use HTTP', async () => {
  const { url, close } = await gateway(provider).listen({ port: 0 })
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'x',
  }
  const asked = open(`${url}/v1/responses`, { headers }).end()
  // The first of the list of arguments is the response.
  const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume: () => void }]
  response.resume()
  expect(response.statusCode).toBe(426)
  await close()
})

test('close() waits for no idle connection', async () => {
  const { url, close } = await gateway(provider).listen({ port: 0 })
  await (await fetch(`${url}/v1/models`)).text()
  await close()
  await expect(fetch(`${url}/v1/models`)).rejects.toThrow()
})
