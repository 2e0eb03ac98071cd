import { parseArgs } from 'node:util'
import { didYouMean } from '@rivulet/core/provider'

/** A parsed command line. */
export interface Options {
  help: boolean
  /** The first port to try. */
  port: number
  /** Open a browser. */
  open: boolean
  /** Answer this question in the terminal, then exit. */
  ask?: string
  model?: string
  provider?: string
}

/** An invalid command line. The message names the mistake and suggests a correction. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const FLAGS = {
  port: { type: 'string' },
  ask: { type: 'string' },
  model: { type: 'string' },
  provider: { type: 'string' },
  'no-open': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

type Flag = keyof typeof FLAGS
const isFlag = (name: string): name is Flag => Object.hasOwn(FLAGS, name)
const NAMES = Object.keys(FLAGS).map((name) => `--${name}`)

export const HELP = `Rivulet demo: a chat page on this machine, and its server.

  start [flags]

  --port <number>     the port of the page (default 4000; if it is in use, the next free one; 0 picks any free port)
  --no-open           do not open a browser
  --ask <question>    answer in the terminal, after what is piped in: the answer goes to stdout, everything else to stderr
  --model <name>      with --ask: the model, such as claude-opus-5-5 (default: the first model)
  --provider <name>   with --ask: only this provider, such as anthropic (default: any that serves the model)
  --help              print this text

Without configuration, all answers come from a simulator in this process, which simulates OpenAI (openai and
openai-responses), anthropic, google, ollama, lockchat, liaobots and gravityengine. Real providers are added if the
environment configures them: by a key, such as OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or LIAOBOTS_AUTH, or by a
base URL, such as OLLAMA_BASE_URL.

Press Ctrl-C to stop. Exit codes: 0 success, 1 no answer, 2 invalid command line, 130 interrupted while answering.
`

/** Parses a command line. */
export function readArgs(args: readonly string[]): Options {
  // `pnpm start -- --ask …` passes the two dashes on.
  const given = args[0] === '--' ? args.slice(1) : [...args]
  const { tokens } = parseArgs({ args: given, options: FLAGS, strict: false, tokens: true })
  const values = new Map<Flag, string>()
  for (const token of tokens) {
    if (token.kind === 'option') {
      if (!isFlag(token.name)) {
        throw new UsageError(`Unknown flag "${token.rawName}".${didYouMean(token.rawName, NAMES)} See --help.`)
      }
      values.set(token.name, valueOf(token.name, token.value, token.inlineValue === true))
    } else if (token.kind === 'positional') {
      throw new UsageError(`"${token.value}" is not a flag. To ask a question: --ask "${token.value}". See --help.`)
    }
  }
  const ask = values.get('ask')
  const [model, provider] = [values.get('model'), values.get('provider')]
  if (ask === undefined && !values.has('help') && (model ?? provider) !== undefined) {
    throw new UsageError('--model and --provider require --ask; on the page, choose them below the question.')
  }
  return {
    help: values.has('help'),
    port: portOf(values.get('port') ?? '4000'),
    open: !values.has('no-open'),
    ...(ask !== undefined && { ask }),
    ...(model !== undefined && { model }),
    ...(provider !== undefined && { provider }),
  }
}

function valueOf(name: Flag, value: string | undefined, inline: boolean): string {
  if (FLAGS[name].type === 'boolean') {
    if (value !== undefined) throw new UsageError(`--${name} takes no value.`)
    return ''
  }
  if (value === undefined || value.trim() === '' || (!inline && value.startsWith('--'))) {
    throw new UsageError(`--${name} needs a value, as in ${EXAMPLES[name] ?? ''}.`)
  }
  return value
}

const EXAMPLES: Partial<Record<Flag, string>> = {
  port: '--port 4000',
  ask: '--ask "Count to 20"',
  model: '--model gpt-4',
  provider: '--provider lockchat',
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new UsageError(`--port must be a whole number from 0 to 65535, got "${text}".`)
}
