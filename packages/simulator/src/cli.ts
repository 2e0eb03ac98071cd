#!/usr/bin/env node
import { faultTable } from './catalogue.ts'
import { cliOptions, help } from './cli-options.ts'
import { simulator, type Simulator } from './server.ts'

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`rivulet-simulator: ${reason(error)}\n`)
  process.exitCode = 1
}

async function main(args: readonly string[]): Promise<void> {
  const options = cliOptions(args)
  if (options.help) {
    process.stdout.write(help)
    return
  }
  if (options.table) {
    process.stdout.write(faultTable())
    return
  }
  const sim = await simulator(options.simulator)
  for (const [dialect, fault] of options.faults) sim.fault(dialect, fault)
  process.stdout.write(welcome(sim))
  // `once`: a second Ctrl-C kills the process.
  const stop = (): void => {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    void sim.close().then(() => process.stdout.write('Stopped.\n'))
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
}

function welcome(sim: Simulator): string {
  const lines = sim.dialects.map(({ name, baseUrl, models, credential }) => {
    const auth = credential === undefined ? '' : `, credential ${credential}`
    return `  ${name.padEnd(17)} ${baseUrl}  (${models.join(', ')}${auth})`
  })
  const body = '{"model":"gpt-4","temperature":0.7,"stream":true,"messages":[{"role":"user","content":"hello"}]}'
  return `Simulated chat endpoints on ${sim.url}

${lines.join('\n')}

Try one:
  curl -N ${sim.baseUrl('lockchat')}/v1/chat/completions -H 'content-type: application/json' -d '${body}'
Set a fault, then clear it:
  curl -X PUT ${sim.url}/_simulator/faults/lockchat -d '{"kind":"truncate"}'
  curl -X DELETE ${sim.url}/_simulator/faults/lockchat
Show the state and every kind of fault:
  curl ${sim.url}/_simulator

Press Ctrl-C to stop.
`
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && error.code === 'EADDRINUSE')
    return `${error.message}. Choose another port with --port, or use --port 0 for any free port`
  return error.message
}
