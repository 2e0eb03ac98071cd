import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { choicesOf, didYouMean, kebab, type NewProvider, NewProviderError } from './new-provider/choices.ts'
import { listProvider } from './new-provider/list.ts'
import { prove } from './new-provider/prove.ts'
import { writeTemplates } from './new-provider/template.ts'

const HELP = `Makes packages/provider-<name>: the package of a provider, ready for its wire facts.

  pnpm new-provider <name> [options]

  <name>       kebab-case, without "provider-": acme, acme-cloud
  --dialect    openai | anthropic | google | own   its dialect; own writes encode.ts and decode.ts   (openai)
  --url        https://…           its base URL: scheme, host and path prefix             (https://api.<name>.example)
  --auth       none | optional | required   whether it needs a key                        (required)
  --list       also adds it to the aggregator: its index, KNOWN_PROVIDERS, its dependencies, the README's table
  --help       this page

  pnpm new-provider --prove [--dialect …] [--quick]

  Makes one of each dialect in a copy of the workspace, listed, and checks that everything is green there: laws, the aggregator's
  tests, types, and without --quick also samples, format, lint and imports.`

/** Writes the package under `root` and returns its files, from the root; with `list`, edits the aggregator too. */
export function newProvider(root: string, { list = false, ...wanted }: NewProvider & { list?: boolean }): string[] {
  const chosen = choicesOf(root, wanted)
  // First what may be refused, so that nothing is half made.
  const edited = list ? listProvider(root, chosen) : []
  return [...writeTemplates(root, chosen), ...edited]
}

function nextSteps(name: string, files: readonly string[], list: boolean): string {
  return [
    ...files.map((file) => `  ${file}`),
    '',
    'Next:',
    '  1. pnpm install',
    `  2. Write the facts where it says TODO: README.md and src/ in packages/provider-${name}`,
    `  3. Replace the examples in test/fixtures/ with what the endpoint sends: pnpm record ${name} text --live --body`,
    `  4. Run the laws: pnpm vitest run packages/provider-${name}${list ? ' packages/rivulet' : ''}`,
    '  5. pnpm check && pnpm changeset',
  ].join('\n')
}

async function main(root: string): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      dialect: { type: 'string' },
      url: { type: 'string' },
      auth: { type: 'string' },
      list: { type: 'boolean', default: false },
      prove: { type: 'boolean' },
      quick: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) {
    console.log(HELP)
    return
  }
  if (values.prove === true) {
    if (positionals.length > 0) throw new NewProviderError('--prove makes providers of its own: omit the name.')
    const right = await prove(root, { dialect: values.dialect, quick: values.quick })
    process.exitCode = right ? 0 : 1
    return
  }
  const [name, ...rest] = positionals
  if (name === undefined || rest.length > 0) {
    const what = name === undefined ? 'A name is missing.' : `One name at a time, got: ${positionals.join(' ')}.`
    throw new NewProviderError(`${what}${didYouMean(kebab(positionals.join('-')))}\n\n${HELP}`)
  }
  const { dialect, url, auth, list } = values
  const files = newProvider(root, { name, dialect, url, auth, list })
  // The length of lines depends on the name. Without oxfmt on PATH, pnpm format does the same later.
  spawnSync('oxfmt', files, { cwd: root })
  console.log(nextSteps(name, files, list))
}

if (import.meta.main) {
  try {
    await main(join(import.meta.dirname, '..'))
  } catch (error) {
    const known = error instanceof NewProviderError || (error instanceof TypeError && 'code' in error)
    if (!known) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
