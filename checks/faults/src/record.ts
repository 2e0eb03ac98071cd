import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { ChatError } from '@rivulet/core'
import { dialectIds, faultKinds } from '@rivulet/simulator'
import { exchangeOf, type Recording } from './record/exchange.ts'
import { outcomeOf, replayed } from './record/outcome.ts'
import { packageOf, ROOT } from './subjects.ts'

const HELP = `pnpm record <provider> <case>   records one exchange as packages/provider-<provider>/test/fixtures/<case>.json

  --message "count to 5"   the question
  --model gpt-4            the model; by default that of the provider's test/subject.ts
  --one-piece              stream: false
  --fault truncate         a fault of the simulator (${faultKinds.length} kinds: npx @rivulet/simulator --faults)
  --live                   the real endpoint, with the credential and <PROVIDER>_BASE_URL from the environment. By default
                           the simulator, which plays ${dialectIds.join(', ')}
  --out file               another file
  --force                  overwrites an existing file

Credentials are removed by their value. The recording is played back at once, and must give the same events. In a test,
replay({ from: new URL('fixtures/<case>.json', import.meta.url) }) plays it.
`

interface Args extends Recording {
  out: string
  force: boolean
}

/** @throws TypeError for a wrong command line; `undefined` for --help. */
function readArgs(args: string[]): Args | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      message: { type: 'string', default: 'count to 5' },
      model: { type: 'string' },
      'one-piece': { type: 'boolean', default: false },
      fault: { type: 'string' },
      live: { type: 'boolean', default: false },
      out: { type: 'string' },
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const [provider, name, ...others] = positionals
  if (provider === undefined || name === undefined || others.length > 0) {
    throw new TypeError('Give a provider and a name for the case, as in: pnpm record lockchat hello')
  }
  if (!/^[\w-]+$/.test(name)) throw new TypeError('The name of a case has letters, digits and hyphens.')
  const { message, model, fault, live, force } = values
  if (live && fault !== undefined) throw new TypeError('--fault is for the simulator: omit --live.')
  const out = values.out ?? join(ROOT, `packages/provider-${packageOf(provider)}/test/fixtures/${name}.json`)
  return { provider, message, model, onePiece: values['one-piece'], fault, live, out, force }
}

async function main(): Promise<number> {
  let args: Args | undefined
  try {
    args = readArgs(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return 2
  }
  if (args === undefined) {
    process.stdout.write(HELP)
    return 0
  }
  const { out, force } = args
  const shown = relative(process.cwd(), out)
  if (existsSync(out) && !force) {
    process.stderr.write(`${shown} exists: --force overwrites it.\n`)
    return 1
  }
  const { exchange, outcome, request } = await exchangeOf(args)
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, `${JSON.stringify(exchange, undefined, 2)}\n`)
  process.stdout.write(`${shown}: ${exchange.chunks.length} pieces, ${exchange.end}; ${outcomeOf(outcome)}\n`)
  if (await replayed(args.provider, request, out, outcome)) return 0
  process.stderr.write('The replay gives other events than the recording: check the file before you use it.\n')
  return 1
}

try {
  process.exitCode = await main()
} catch (error) {
  // An unknown name of a model or a fault. Any other error is a defect of ours and shows its stack.
  if (!(error instanceof TypeError) && !(error instanceof ChatError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
