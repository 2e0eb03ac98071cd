import { Agent, type ClientRequest, request } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../../src/index.ts'
import { headOf, type Sent } from '../client.ts'
import { requestFor, type Form, forms } from '../forms.ts'
import { raw } from '../raw.ts'

let sim: Simulator
let agent: Agent
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  agent.destroy()
  sim.clear()
})
afterAll(() => sim.close())

/** Sends over the single connection that the agent keeps alive. */
function over({ path, headers, body }: Sent): ClientRequest {
  const sent = request(`${sim.url}${path}`, { method: 'POST', headers, agent })
  sent.end(JSON.stringify(body))
  return sent
}

async function textOf(sent: ClientRequest): Promise<string> {
  let text = ''
  for await (const bytes of (await headOf(sent)) as AsyncIterable<Buffer>) text += bytes.toString('latin1')
  return text
}

describe.each(forms)('%s', (_name, form: Form) => {
  test('dead-keep-alive resets the reused connection; a new one works', async () => {
    agent = new Agent({ keepAlive: true, maxSockets: 1 })
    sim.fault(form.dialect, { kind: 'dead-keep-alive', times: 1 })
    const first = await textOf(over(requestFor(sim, form)))
    const second = over(requestFor(sim, form))
    await expect(headOf(second)).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(second.reusedSocket).toBe(true)
    expect(await textOf(over(requestFor(sim, form)))).toBe(first)
    await Promise.all(sim.requests.map(({ done }) => done))
    const [one, dead, fresh] = sim.requests
    expect(one).toMatchObject({ status: 200, fault: 'dead-keep-alive', attempt: 1, answerTaken: true })
    expect(dead).toMatchObject({
      status: 0,
      bytesSent: 0,
      fault: 'dead-keep-alive',
      attempt: 0,
      answerTaken: false,
      connection: one?.connection,
    })
    expect(dead).not.toHaveProperty('clientClosedMs')
    expect(fresh).toMatchObject({ status: 200, attempt: 2, answerTaken: true, connection: (one?.connection ?? 0) + 1 })
    expect(fresh).not.toHaveProperty('fault')
  })

  test('two-answers leaves an unrequested answer on the connection', async () => {
    sim.fault(form.dialect, 'two-answers')
    const { text, error } = await raw(sim, requestFor(sim, form))
    expect(error).toBeUndefined()
    const [nothing, first, second] = text.split('HTTP/1.1 200 OK\r\n')
    expect(nothing).toBe('')
    expect(first).not.toContain('This answer')
    expect(second).toContain('This answer belongs to no request.')
    const [head = '', body = ''] = second?.split('\r\n\r\n') ?? []
    expect(/content-length: (\d+)/.exec(head)?.[1]).toBe(String(body.length))
  })

  test('not-http cannot be parsed by an HTTP client', async () => {
    sim.fault(form.dialect, 'not-http')
    expect(await raw(sim, requestFor(sim, form))).toMatchObject({ text: 'SSH-2.0-OpenSSH_9.6\r\n', error: undefined })
    agent = new Agent()
    await expect(headOf(over(requestFor(sim, form)))).rejects.toMatchObject({ code: 'HPE_INVALID_CONSTANT' })
  })
})
