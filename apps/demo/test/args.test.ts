import { expect, test } from 'vitest'
import { HELP, readArgs, UsageError } from '../src/args.ts'

test('without flags the page is served on port 4000 and opened in a browser', () => {
  expect(readArgs([])).toEqual({ help: false, port: 4000, open: true })
})

test('all flags are parsed, with a space or an equals sign', () => {
  expect(readArgs(['--ask', 'why?', '--model=gpt-4', '--provider', 'lockchat', '--no-open', '--port=0'])).toEqual({
    help: false,
    port: 0,
    open: false,
    ask: 'why?',
    model: 'gpt-4',
    provider: 'lockchat',
  })
})

test('the two dashes that a package manager passes on are ignored', () => {
  expect(readArgs(['--', '--ask', 'why?'])).toMatchObject({ ask: 'why?' })
})

test('a question may begin with a dash', () => {
  expect(readArgs(['--ask', '-3 + 5?'])).toMatchObject({ ask: '-3 + 5?' })
  expect(readArgs(['--ask=--verbose, what is it?'])).toMatchObject({ ask: '--verbose, what is it?' })
})

test('the help names every flag', () => {
  expect(readArgs(['-h']).help).toBe(true)
  for (const flag of ['--port', '--no-open', '--ask', '--model', '--provider', '--help']) expect(HELP).toContain(flag)
})

test.each([
  [['--aks', 'x'], 'Unknown flag "--aks". Did you mean "--ask"?'],
  [['--port', 'x'], '--port must be a whole number from 0 to 65535, got "x".'],
  [['--port', '65536'], 'got "65536"'],
  [['--ask'], '--ask needs a value, as in --ask "Count to 20".'],
  [['--ask', ''], '--ask needs a value'],
  [['--ask', '--model', 'gpt-4'], '--ask needs a value'],
  [['--help=yes'], '--help takes no value.'],
  [['hello'], '"hello" is not a flag. To ask a question: --ask "hello".'],
  [['--model', 'gpt-4'], '--model and --provider require --ask'],
])('%j is rejected with a suggestion', (args, message) => {
  expect(() => readArgs(args)).toThrow(UsageError)
  expect(() => readArgs(args)).toThrow(message)
})
