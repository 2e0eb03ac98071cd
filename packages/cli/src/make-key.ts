import { newKey } from '@rivulet/gateway'
import { EXIT, type ExitCode } from './exit-code.ts'
import { whileRead, write } from './terminal.ts'

/** Makes a key, and prints what its owner sends, and what the configuration stores. */
export async function makeKey(id: string, signal: AbortSignal): Promise<ExitCode> {
  const { key, stored } = await newKey(id)
  const entry = `keys:\n  - id: ${stored.id}\n    hash: '${stored.hash}'\n`
  await write(`# To its owner, who alone has it: ${key}\n${entry}`, whileRead(signal))
  return EXIT.ok
}
