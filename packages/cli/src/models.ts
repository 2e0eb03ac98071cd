import { EXIT, type ExitCode } from './exit-code.ts'
import { openRiver } from './river.ts'
import { whileRead, write } from './terminal.ts'

/** Lists the models on stdout: by name, with the providers that serve each, in the order in which they are asked. */
export async function models({ json }: { json?: true | undefined }, signal: AbortSignal): Promise<ExitCode> {
  await using open = await openRiver()
  const served = await open.river.models()
  const width = Math.max(0, ...served.map(({ id }) => id.length))
  const text =
    json === true
      ? `${JSON.stringify(served, undefined, 2)}\n`
      : served.map(({ id, providers }) => `${id.padEnd(width)}  ${providers.join(', ')}\n`).join('')
  await write(text, whileRead(signal))
  return EXIT.ok
}
