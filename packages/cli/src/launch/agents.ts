import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Model } from '@rivulet/core'
import { geminiHome } from './gemini-home.ts'

/** Where an agent is pointed at. */
interface Target {
  readonly url: string
  readonly key: string
  /** What the agent has as its own credential, as a login, is for a provider: the key goes in a header beside it. */
  readonly keepsLogin: boolean
  /** The model that the person has named. */
  readonly model: string | undefined
  /** The one that is asked in place of a model that is not served. */
  readonly usual: string
  /** All that are served. */
  readonly models: readonly Model[]
  /** For files, which only their owner can read. It is deleted when the agent has ended. */
  readonly folder: string
}

/** What makes an agent ask the gateway. Whatever else its user has set stays. */
export interface Setup {
  /** Before the person's own, which go before them where both say the same. */
  readonly args?: readonly string[]
  /** `undefined`: not there. */
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface Agent {
  readonly title: string
  /** Its package at npm. */
  readonly npm: string
  /** How the names of the models begin that it was made for. */
  readonly family: string
  /** It sends its own login to any base URL, with headers of its user. */
  readonly sendsLogin: boolean
  readonly setup: (target: Target) => Setup | Promise<Setup>
}

export type AgentName = 'claude' | 'codex' | 'opencode' | 'gemini'

/** By the name of the program. */
export const AGENTS: Readonly<Record<AgentName, Agent>> = {
  claude: { title: 'Claude Code', npm: '@anthropic-ai/claude-code', family: 'claude', sendsLogin: true, setup: claude },
  codex: { title: 'Codex', npm: '@openai/codex', family: 'gpt', sendsLogin: false, setup: codex },
  opencode: { title: 'OpenCode', npm: 'opencode-ai', family: '', sendsLogin: false, setup: opencode },
  gemini: { title: 'Gemini CLI', npm: '@google/gemini-cli', family: 'gemini', sendsLogin: false, setup: gemini },
}

/** Other ways to a model, any of which would be taken before a base URL. */
const CLAUDE_ELSEWHERE = ['CLAUDE_CODE_USE_BEDROCK', 'CLAUDE_CODE_USE_VERTEX', 'CLAUDE_CODE_USE_FOUNDRY']

async function claude({ url, key, keepsLogin, model, models, folder }: Target): Promise<Setup> {
  const { ANTHROPIC_CUSTOM_HEADERS: headers = '' } = process.env
  // Of a name that it does not know, it takes the longest that it knows of.
  const window = models.find(({ id }) => id === model)?.contextTokens
  const env = {
    ANTHROPIC_BASE_URL: url,
    ...(keepsLogin
      ? { ANTHROPIC_CUSTOM_HEADERS: [headers, `x-rivulet-key: ${key}`].filter((line) => line !== '').join('\n') }
      : { ANTHROPIC_AUTH_TOKEN: key }),
    ...(model !== undefined && { ANTHROPIC_MODEL: model }),
    ...(window !== undefined && { CLAUDE_CODE_MAX_CONTEXT_TOKENS: String(window) }),
  }
  // The user's own settings may have an `env`, which goes before the environment; a file of --settings goes before both.
  const file = join(folder, 'settings.json')
  await writeFile(file, JSON.stringify({ env }), { mode: 0o600 })
  const elsewhere = keepsLogin ? CLAUDE_ELSEWHERE : [...CLAUDE_ELSEWHERE, 'ANTHROPIC_API_KEY']
  return {
    args: ['--settings', file],
    env: { ...Object.fromEntries(elsewhere.map((name) => [name, undefined])), ...env },
  }
}

/** Of the environment, where no list of processes shows it. */
const KEY_VARIABLE = 'RIVULET_LAUNCH_KEY'

function codex({ url, key, model }: Target): Setup {
  const provider = 'model_providers.rivulet'
  const settings = {
    model_provider: 'rivulet',
    [`${provider}.name`]: 'Rivulet',
    [`${provider}.base_url`]: `${url}/v1`,
    [`${provider}.env_key`]: KEY_VARIABLE,
    [`${provider}.wire_api`]: 'responses',
    ...(model !== undefined && { model }),
  }
  return {
    // A text in JSON is one in TOML.
    args: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${JSON.stringify(value)}`]),
    env: { [KEY_VARIABLE]: key },
  }
}

function opencode({ url, key, model, usual, models }: Target): Setup {
  const listed = models.map(({ id, name = id, contextTokens, outputTokens }) => [
    id,
    {
      name,
      ...(contextTokens !== undefined &&
        outputTokens !== undefined && { limit: { context: contextTokens, output: outputTokens } }),
    },
  ])
  const content = {
    model: `rivulet/${model ?? usual}`,
    provider: {
      rivulet: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Rivulet',
        options: { baseURL: `${url}/v1`, apiKey: `{env:${KEY_VARIABLE}}` },
        models: { [model ?? usual]: {}, ...(Object.fromEntries(listed) as object) },
      },
    },
  }
  // It goes before every file of the user's.
  return { env: { [KEY_VARIABLE]: key, OPENCODE_CONFIG_CONTENT: JSON.stringify(content) } }
}

async function gemini({ url, key, model, folder }: Target): Promise<Setup> {
  const home = await geminiHome(folder)
  return {
    env: {
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_API_KEY: key,
      GOOGLE_API_KEY: undefined,
      ...(home !== undefined && { GEMINI_CLI_HOME: home }),
      ...(model !== undefined && { GEMINI_MODEL: model }),
    },
  }
}
