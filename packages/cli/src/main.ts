#!/usr/bin/env node
import { runCommand } from './run-command.ts'
import { interruptSignal } from './interrupt.ts'
import { note } from './terminal.ts'

// Node would print a warning with the number of the process and a hint for programmers.
process.removeAllListeners('warning').on('warning', ({ name, message }) => {
  if (name === 'RivuletWarning') note(message)
})
// The reader of stderr may leave, and a disk may be full: the answers go on.
process.stderr.on('error', () => undefined)
const { signal, release } = interruptSignal()
process.exitCode = await runCommand(process.argv.slice(2), { signal })
release()
