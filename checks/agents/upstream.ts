/** What an agent's requests reach in the end: the members of a group, or the first of them alone. */

import type { ChatRequest } from '@rivulet/core'
import type { DialectSides } from '@rivulet/dialects/dialects'
import { simulator } from '@rivulet/simulator'
import type { Agent } from './agents.ts'
import { ANSWERS, capture } from './capture.ts'
import type { MakeFault } from './endings.ts'
import { send } from './ways.ts'

export interface Upstream extends AsyncDisposable {
  /** The first member, where the agent asks it by itself: its paths are appended. */
  url: string
  /** The base URLs of the members, for their providers. */
  members: readonly string[]
  /** How many requests for an answer have come. */
  readonly asked: number
  /** These requests as our server half reads them. */
  requests: () => ChatRequest[]
  /** How many of them the strict simulator refuses, as when a signature has not come back as it was. */
  refused: () => Promise<number>
}

/** What an upstream is opened for. */
export interface About {
  agent: Agent
  sides: DialectSides
  /** The agent's work folder. */
  folder: string
}

export type OpenUpstream = (about: About) => Promise<Upstream>

/** Two simulators, the first with a fault. */
export const simulators =
  (fault: MakeFault): OpenUpstream =>
  async (about) => {
    const { sides } = about
    const [first, second] = [await simulator(), await simulator()]
    const prefix = `/${sides.simulated}`
    const made = await fault({ ...about, sim: first })
    first.clear()
    first.fault(sides.simulated, made)
    const asked = () =>
      [...first.requests, ...second.requests].filter(({ method, path }) => method === 'POST' && ANSWERS.test(path))
    return {
      url: first.url + prefix,
      members: [first, second].map((sim) => sim.baseUrl(sides.simulated)),
      get asked() {
        return asked().length
      },
      requests: () =>
        // Of an agent that was ended, a body may not have come to its end.
        asked()
          .filter(({ attempt }) => attempt > 0)
          .map(
            ({ path, query, bodyText }) =>
              sides.server.read({ path: path.slice(prefix.length), query, body: bodyText }).request,
          ),
      // The endings that are statuses are faults.
      refused: async () => asked().filter(({ fault, status }) => fault === undefined && status >= 400).length,
      async [Symbol.asyncDispose]() {
        await Promise.all([first.close(), second.close()])
      },
    }
  }

/** One server for both members, with the calls of the agent's turns: whichever is asked first in a turn breaks, when it cuts. */
export const script =
  ({ cuts }: { cuts: boolean }): OpenUpstream =>
  async ({ agent, sides, folder }) => {
    const sim = await simulator()
    const { simulated, server: protocol } = sides
    const server = await capture({ protocol, sides, turns: agent.turns, folder, sim, cuts })
    const requests = () => server.requests.flatMap(({ read }) => (read instanceof Error ? [] : [read.request]))
    const basePath = sim.baseUrl(simulated).slice(`${sim.url}/${simulated}`.length)
    return {
      url: server.url,
      members: [server.url + basePath, server.url + basePath],
      get asked() {
        return server.requests.length
      },
      requests,
      async refused() {
        const ways = await Promise.all(requests().map((request) => send(sim, request, sides)))
        return server.requests.length - ways.filter(({ accepted }) => accepted).length
      },
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]()
        await sim.close()
      },
    }
  }
