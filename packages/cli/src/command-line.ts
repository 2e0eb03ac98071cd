import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import { AGENTS, type AgentName } from './launch/agents.ts'
import type { LaunchOptions } from './launch/launch.ts'
import type { ServeOptions } from './serve/serve.ts'

const HELP = `
What is piped in comes before the question:
  git diff | rivulet "Write a commit message"

Providers are those that the environment configures, as by OPENAI_API_KEY; "rivulet doctor" shows them all. With none, a
simulator on this machine answers.

Exit codes: 0 success, 1 a provider failed, 2 usage, 3 the credential was refused, 4 a rate limit or quota, 5 timeout,
6 the answer is cut off, 7 the content was filtered, 130 interrupted.`

const LAUNCH_HELP = `
The agent gets a gateway of its own on this machine, for as long as it runs. Its own settings stay as they are.

  rivulet launch claude
  rivulet launch codex --model gpt-6-sol exec "Fix the failing test"
  rivulet launch gemini -- --help`

/** Tool calls, or the whole answer. */
const HOLD_MODES = ['none', 'calls', 'answer']
/** Their names are those of the configuration's schema. */
const LOG_SETTINGS = ['debug', 'info', 'warn', 'error', 'off']

/**
 * Parses a command line, and does what it says. What a command needs is loaded when it is chosen, so that the help is there at
 * once.
 *
 * @returns The exit code.
 * @throws CommanderError when the help or the version was printed, or for a wrong command line, which it has said.
 */
export async function commandLine(args: readonly string[], signal: AbortSignal): Promise<number> {
  let code = 0
  const root = new Command('rivulet')
    .description('Asks any chat model, over every provider that is configured.')
    .argument('[question...]', 'what to ask')
    .option('-m, --model <name>', 'the model, such as gpt-6-luna or openai/gpt-6-luna (default: the first)')
    .option('-s, --system <text>', 'a system message')
    .option('--json', 'print the whole answer as one JSON document')
    .option('-u, --usage', 'say on stderr who has answered, with how many tokens, at what cost, in what time')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this text')
    // It would be a question otherwise.
    .helpCommand('help [command]', 'print this text, or that of a command')
    .addHelpText('after', HELP)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      outputError: (text, print) => {
        print(errorLine(text))
      },
    })
    .action(async (words: string[], options: { model?: string; system?: string; json?: true; usage?: true }) => {
      const { ask } = await import('./ask.ts')
      code = await ask({ ...options, words, commands: root.commands.map((each) => each.name()) }, signal)
    })
  root
    .command('models')
    .description('list the models, and which providers serve them')
    .option('--json', 'as JSON')
    .action(async (options: { json?: true }) => {
      const { models } = await import('./models.ts')
      code = await models(options, signal)
    })
  root
    .command('doctor')
    .description('ask every configured provider a tiny question, and say what to do about those that fail')
    .action(async () => {
      const { doctor } = await import('./doctor.ts')
      code = await doctor(signal)
    })
  root
    .command('serve')
    .description('serve the providers to every client of OpenAI, Anthropic and Gemini, as to coding agents')
    .option('-c, --config <file>', 'providers, models and keys, in YAML or JSON (default: rivulet.yaml, if it is here)')
    .option('--host <address>', 'the address; one that other machines reach needs a key (default: 127.0.0.1)')
    .option('--port <number>', 'the port; 0 takes a free one (default: 4411)', portOf)
    .addOption(new Option('--key <key>', 'the key that clients must send (default: none)').env('RIVULET_KEY'))
    .addOption(
      new Option('--hold <mode>', 'what is kept from a client until it is sure (default: none)').choices(HOLD_MODES),
    )
    .addOption(
      new Option('--log <level>', 'the least level of requests that are logged on stderr (default: warn)').choices(
        LOG_SETTINGS,
      ),
    )
    .option('--observe-port <number>', 'a port of its own on this machine for /metrics, without a key', portOf)
    .action(async (options: ServeOptions) => {
      const { serve } = await import('./serve/serve.ts')
      code = await serve(options, signal)
    })
  const launching = root
    .command('launch')
    .description('run a coding agent over the providers; at the end, say what it has asked and what broke')
    .enablePositionalOptions()
    .addHelpText('after', LAUNCH_HELP)
  for (const [name, { title }] of Object.entries(AGENTS) as [AgentName, (typeof AGENTS)[AgentName]][]) {
    launching
      .command(name)
      .description(`run ${title}`)
      .argument('[args...]', `those of ${title}`)
      .option('--model <name>', 'the model that it asks (default: its own, where that is served)')
      .option('--config <file>', 'providers and models, as for serve (default: rivulet.yaml, if it is here)')
      .addOption(
        new Option('--hold <mode>', 'what is kept from it until it is sure (default: calls)').choices(HOLD_MODES),
      )
      // From the first that is not of this command on, all are the agent's.
      .allowUnknownOption()
      .passThroughOptions()
      .action(async (args: string[], options: LaunchOptions) => {
        const { launch } = await import('./launch/launch.ts')
        code = await launch(name, args, options, signal)
      })
  }
  root
    .command('key')
    .description('make a key for the configuration of serve, and show it once')
    .argument('<id>', 'its name: letters, digits and -')
    .action(async (id: string) => {
      const { makeKey } = await import('./make-key.ts')
      code = await makeKey(id, signal)
    })
  await root.parseAsync(args, { from: 'user' })
  return code
}

/** `"rivulet: unknown option '--jsno'. Did you mean --json? See --help."`, from two lines. */
function errorLine(text: string): string {
  const [what = '', hint = ''] = text
    .replace(/^error: /, '')
    .trim()
    .split('\n')
  const sentence = `${what.replace(/\.$/, '')}.`
  return `rivulet: ${[sentence, hint.replace(/^\((.*)\)$/, '$1'), 'See --help.'].filter(Boolean).join(' ')}\n`
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
}

function version(): string {
  // The package's own file: its shape is npm's.
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  return manifest.version
}
