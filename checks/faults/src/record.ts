import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { ChatError } from '@rivulet/core'
import { dialectIds, faultKinds } from '@rivulet/simulator'
import { BODY_EXTENSIONS, bodyOf, extensionOf } from './record/body.ts'
import { exchangeOf, type Recording } from './record/exchange.ts'
import { outcomeOf, replayDiff } from './record/outcome.ts'
import { shapeDiff } from './record/shape.ts'
import { packageOf, ROOT } from './subjects.ts'

const HELP = `pnpm record <provider> <case>   records one exchange as packages/provider-<provider>/test/fixtures/<case>.json

  --message "count to 5"   the question
  --model gpt-4            the model; by default that of the provider's test/subject.ts
  --one-piece              stream: false
  --fault truncate         a fault of the simulator (${faultKinds.length} kinds: npx @rivulet/simulator --faults)
  --live                   the real endpoint, with the credential and <PROVIDER>_BASE_URL from the environment. By default
                           the simulator, which plays ${dialectIds.join(', ')}
  --body                   records the body of the answer alone, as the laws read it: <case>.sse, .ndjson, .json or .txt
  --out file               another file
  --force                  overwrites an existing file

Credentials are removed by their value, and the address is the provider's own, also of a recording at a relay. The recording is
played back at once, and must give the same events; a difference is shown. Where there is a body of the same case, it is shown
in which events, fields and marks the recording differs from it. In a test,
replay({ from: new URL('fixtures/<case>.json', import.meta.url) }) plays a recording.
`

interface Args extends Recording {
  /** The folder of the fixtures. */
  folder: string
  /** Of the file, without its extension. */
  name: string
  /** The file that is named in place of them. */
  out: string | undefined
  body: boolean
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
      body: { type: 'boolean', default: false },
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
  const { message, model, fault, live, out, body, force } = values
  if (live && fault !== undefined) throw new TypeError('--fault is for the simulator: omit --live.')
  const folder = join(ROOT, `packages/provider-${packageOf(provider)}/test/fixtures`)
  return { provider, message, model, onePiece: values['one-piece'], fault, live, folder, name, out, body, force }
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
  const { folder, name, body, force } = args
  const refuses = (file: string): boolean => {
    if (force || !existsSync(file)) return false
    process.stderr.write(`${relative(process.cwd(), file)} exists: --force overwrites it.\n`)
    return true
  }
  // The form of a body is known when it has come, and how it differs from the file that is there is worth knowing anyway.
  if (!body && refuses(args.out ?? join(folder, `${name}.json`))) return 1

  const { exchange, outcome, request } = await exchangeOf(args)
  const out = args.out ?? join(folder, `${name}.${body ? extensionOf(exchange) : 'json'}`)
  process.stdout.write(
    `${relative(process.cwd(), out)}: ${exchange.chunks.length} pieces, ${exchange.end}; ${outcomeOf(outcome)}\n`,
  )
  const fixture = BODY_EXTENSIONS.map((extension) => join(folder, `${name}.${extension}`)).find(
    (file) => existsSync(file) && (body || file !== out),
  )
  if (fixture !== undefined) process.stdout.write(comparison(fixture, bodyOf(exchange).toString()))
  if (body && refuses(out)) return 1
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, body ? bodyOf(exchange) : `${JSON.stringify(exchange, undefined, 2)}\n`)

  const difference = await replayDiff(args.provider, request, exchange, outcome)
  if (difference === undefined) return 0
  process.stderr.write(`The recording does not play back. Check the file before you use it.\n${difference}\n`)
  return 1
}

function comparison(fixture: string, recording: string): string {
  const lines = shapeDiff(readFileSync(fixture, 'utf8'), recording)
  if (lines.length === 0) return `It has the form of ${basename(fixture)}.\n`
  const head = `It differs from ${basename(fixture)} in form (- the fixture's, + the recording's):`
  return `${[head, ...lines].join('\n  ')}\n`
}

try {
  process.exitCode = await main()
} catch (error) {
  // An unknown name of a model or a fault. Any other error is a defect of ours and shows its stack.
  if (!(error instanceof TypeError) && !(error instanceof ChatError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
