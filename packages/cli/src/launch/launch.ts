import type { Model, Provider } from '@rivulet/core'
import { didYouMean, wrap } from '@rivulet/core/provider'
import { gateway, type HoldMode, newKey } from '@rivulet/gateway'
import { configFile, openService, type Service } from '../serve/service.ts'
import { note } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { AGENTS, type AgentName } from './agents.ts'
import { privateFolder, runAgent } from './run-agent.ts'
import { summary } from './summary.ts'
import { Tally } from './tally.ts'

export interface LaunchOptions {
  /** The model that the agent asks. */
  model?: string | undefined
  /** The file of the configuration. */
  config?: string | undefined
  hold?: HoldMode | undefined
}

/**
 * Runs a coding agent over a gateway of its own, on a free port, with a key of its own. At the end, what it has asked
 * and what broke is said on stderr.
 *
 * @param args The agent's own.
 * @returns The agent's exit code.
 */
export async function launch(
  name: AgentName,
  args: readonly string[],
  { model, config, hold }: LaunchOptions,
  signal: AbortSignal,
): Promise<number> {
  const agent = AGENTS[name]
  const file = configFile(config)
  if (file !== undefined) note(`reads ${file}.`)
  const tally = new Tally()
  await using service = await openService(file, tally.provider)
  const { models } = service.provider.info
  checkServed(model, service)
  const usual = model ?? usualOf(models, agent.family)
  const { key, stored } = await newKey(name)
  const keepsLogin = agent.sendsLogin && service.auth !== undefined
  const server = gateway(tally.client(servingAll(service, usual)), {
    keys: [stored],
    auth: keepsLogin ? service.auth : undefined,
    hold: hold ?? service.hold ?? 'calls',
  })
  await using folder = await privateFolder()
  const { url, close } = await server.listen({ port: 0 })
  try {
    const setup = await agent.setup({ url, key, keepsLogin, model, usual, models, folder: folder.path })
    const code = await runAgent(name, setup, args, signal)
    for (const line of summary(agent.title, tally)) note(line)
    return code
  } finally {
    // Who asked is gone.
    await close({ drainMs: 0 })
  }
}

/** The first of the models that the agent was made for, or else the first. */
function usualOf(models: readonly Model[], family: string): string {
  const [first] = models
  const found = models.find(({ id }) => id.startsWith(family)) ?? first
  if (found === undefined) throw new UsageError('No provider lists a model: name one with --model.')
  return found.id
}

const isServed = ({ provider, ids }: Service, model: string): boolean =>
  provider.info.models.some(({ id }) => id === model) || ids.some((id) => model.startsWith(`${id}/`))

function checkServed(model: string | undefined, service: Service): void {
  if (model === undefined || isServed(service, model)) return
  const names = service.provider.info.models.map(({ id }) => id)
  throw new UsageError(`No provider serves the model "${model}".${didYouMean(model, names)} See rivulet models.`)
}

/** Agents also ask for small models of their vendor's, for titles and the like. One that is not served is the usual one here. */
function servingAll(service: Service, usual: string): Provider {
  const { provider } = service
  return wrap(provider, {
    stream: (request, call) =>
      provider.stream(isServed(service, request.model) ? request : { ...request, model: usual }, call),
  })
}
