import { parseArgs } from 'node:util'

export const SUITES = [
  'backlogged',
  'paced',
  'short',
  'crowd',
  'dialects',
  'write',
  'scale',
  'choice',
  'cold',
  'decoder',
  'gateway',
] as const

export type SuiteName = (typeof SUITES)[number]

export const HELP = `pnpm bench [--quick] [--only suite] [--write] …

The cost of a stream, as a ratio to the plainest loop that parses everything: CPU time of the process, measured side by side in
one run.

--quick            fewer rounds and smaller sizes: three minutes instead of a quarter of an hour
--only suite       one suite; may be repeated: ${SUITES.join(', ')}
--no-competitors   without the other libraries, which are otherwise installed from bench/competitors
--sources          runs the sources instead of the build
--write            writes docs/benchmarks.md, docs/benchmarks/gateway.md and their pictures; missed targets of streams are profiled
--json file        writes the figures as JSON
--profile folder   samples ours and the floor, prints their hottest functions, and writes .cpuprofile files into the folder
--help             this page
`

export interface Args {
  help: boolean
  quick: boolean
  only: readonly SuiteName[]
  competitors: boolean
  sources: boolean
  write: boolean
  json: string | undefined
  profile: string | undefined
}

/** @throws TypeError for an unknown option or suite. */
export function readArgs(args: readonly string[]): Args {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      help: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      competitors: { type: 'boolean', default: true },
      sources: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      json: { type: 'string' },
      profile: { type: 'string' },
    },
  })
  const only = values.only.map((name) => {
    const suite = SUITES.find((each) => each === name)
    if (suite === undefined) throw new TypeError(`No suite "${name}". The suites are: ${SUITES.join(', ')}.`)
    return suite
  })
  if (values.write && only.length > 0 && only.join() !== 'gateway') {
    throw new TypeError('--write writes a whole page: omit --only or --write. The suite gateway is a page.')
  }
  return { ...values, only, json: values.json, profile: values.profile }
}
