/** The gateway as it is deployed: a key, a group behind a route, deadlines, metrics, and the truth about every end. */
import { gateway } from '@rivulet/gateway'
import { metrics } from '@rivulet/gateway/metrics'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { failover, route } from '@rivulet/router'

const { UPSTREAM = '', PORT } = process.env
const member = openaiCompatible({ id: 'acme', baseUrl: `${UPSTREAM}/v1`, apiKey: 'key-of-the-upstream' })
const group = route({ '*': failover([member]) })
const server = gateway(group, { keys: 'key-of-the-clients', observers: [metrics()], maxConcurrent: 20_000 })
await server.listen({ port: Number(PORT) })
