/** A gateway that is seen: a line for each request, and metrics at an address of their own. */
import { gateway } from '@rivulet/gateway'
import { log } from '@rivulet/gateway/log'
import { metrics } from '@rivulet/gateway/metrics'
import { telemetry } from '@rivulet/gateway/telemetry'
import { chat, openai } from 'rivulet'

const server = gateway(openai(), {
  // Any logger of pino's shape will do.
  observers: [metrics(), telemetry(), log({ logger: console })],
})
const { url, observeUrl, close } = await server.listen({ port: 0, observe: { port: 0 } })

const client = openai({ baseUrl: `${url}/v1`, apiKey: 'any' })
await chat(client, { model: 'gpt-6-luna' }).complete('Count to 3')

const page = await (await fetch(`${observeUrl}/metrics`)).text()
console.log(page.match(/^rivulet_attempts_total.*/gm))
await close()
