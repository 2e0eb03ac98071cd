import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Bench } from '../bench.ts'
import { COMPETITORS_FOLDER } from '../competitors.ts'
import { median, timesFloor } from '../figures.ts'
import type { Race, Row, Target } from '../result.ts'

const BENCH = fileURLToPath(new URL('../../', import.meta.url))

interface Import {
  label: string
  kind: Row['kind']
  modules: readonly string[]
  target?: Target
}

const IMPORTS: readonly Import[] = [
  { label: 'undici', kind: 'loop', modules: ['undici'] },
  {
    label: 'rivulet: core and one provider',
    kind: 'ours',
    modules: ['@rivulet/core', '@rivulet/provider-openai-compatible'],
    target: { value: 15 },
  },
  { label: 'rivulet: every provider and the router', kind: 'ours', modules: ['rivulet'] },
  { label: 'eventsource-parser', kind: 'competitor', modules: ['eventsource-parser'] },
  { label: 'openai 7', kind: 'competitor', modules: ['openai'] },
  { label: 'AI SDK 7: the provider', kind: 'competitor', modules: ['@ai-sdk/openai-compatible'] },
  { label: 'AI SDK 7: the provider and streamText', kind: 'competitor', modules: ['@ai-sdk/openai-compatible', 'ai'] },
  { label: 'LangChain ChatOpenAI', kind: 'competitor', modules: ['@langchain/openai'] },
  {
    label: '@earendil-works/pi-ai',
    kind: 'competitor',
    modules: ['@earendil-works/pi-ai', '@earendil-works/pi-ai/api/openai-completions'],
  },
]

/** The cost of importing the built packages in a new process. */
export async function cold(bench: Bench): Promise<Race> {
  const rounds = bench.quick ? 5 : 15
  const imports = IMPORTS.filter(({ kind }) => bench.competitors || kind !== 'competitor')
  const figures = new Map<Import, number[]>(imports.map((each) => [each, []]))
  // The first round reads from disk and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const [each, of] of figures) {
      bench.progress(`Cold  round ${round + 1} of ${rounds}  ${each.label}`)
      const ms = await importMs(each)
      if (round >= 0) of.push(ms)
    }
  }
  const floor = figures.values().next().value ?? []
  return {
    kind: 'race',
    suite: 'cold',
    id: 'cold',
    title: 'Cold',
    about: 'The CPU time of an import in a new process. The built packages are imported, not the sources.',
    unit: 'ms',
    versus: '× undici',
    rows: [...figures].map(([{ label, kind, target }, of], index) => ({
      label,
      kind,
      isFloor: index === 0,
      median: median(of),
      min: Math.min(...of),
      max: Math.max(...of),
      ratio: timesFloor(of, floor),
      ...(target !== undefined && { target }),
    })),
  }
}

async function importMs({ modules, kind }: Import): Promise<number> {
  const imports = modules.map((module) => `await import(${JSON.stringify(module)})`).join(';')
  const script = `const before = process.cpuUsage();${imports};
    const { user, system } = process.cpuUsage(before);process.stdout.write(String((user + system) / 1000));process.exit()`
  const child = spawn(process.execPath, ['--input-type=module', '--no-warnings', '-e', script], {
    cwd: kind === 'competitor' ? COMPETITORS_FOLDER : BENCH,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ms = Number(await text(child.stdout))
  if (!(ms > 0)) throw new Error(`${modules.join(', ')} could not be imported. Are the packages built?`)
  return ms
}

/** What a page calls of each, by their modules: the rest of a module is left out by a bundler. */
const PAGES: readonly (Omit<Import, 'modules'> & { imports: Readonly<Record<string, string>> })[] = [
  {
    label: 'rivulet: core and one provider',
    kind: 'ours',
    imports: { '@rivulet/provider-openai-compatible': 'openaiCompatible' },
    target: { value: 28 },
  },
  { label: 'openai 7', kind: 'competitor', imports: { openai: 'default' } },
  {
    label: 'AI SDK 7: the provider',
    kind: 'competitor',
    imports: { '@ai-sdk/openai-compatible': 'createOpenAICompatible' },
  },
  {
    label: 'AI SDK 7: the provider and streamText',
    kind: 'competitor',
    imports: { '@ai-sdk/openai-compatible': 'createOpenAICompatible', ai: 'streamText' },
  },
  { label: 'LangChain ChatOpenAI', kind: 'competitor', imports: { '@langchain/openai': 'ChatOpenAI' } },
]

/** What a page loads before it can stream one answer. */
export async function page(bench: Bench): Promise<Race> {
  const pages = PAGES.filter(({ kind }) => bench.competitors || kind !== 'competitor')
  const sizes: number[] = []
  for (const { label, kind, imports } of pages) {
    bench.progress(`A page  ${label}`)
    sizes.push(await pageKb(imports, kind === 'competitor' ? COMPETITORS_FOLDER : BENCH))
  }
  return {
    kind: 'race',
    suite: 'cold',
    id: 'page',
    title: 'A page',
    about: 'What it loads to stream an answer, bundled by esbuild for a browser, minified and gzipped.',
    unit: 'KB',
    versus: '× rivulet',
    rows: pages.map(({ label, kind, target }, at) => {
      const kb = sizes[at] ?? NaN
      return {
        label,
        kind,
        isFloor: at === 0,
        median: kb,
        min: kb,
        max: kb,
        ratio: timesFloor([kb], sizes.slice(0, 1)),
        ...(target !== undefined && { target }),
      }
    }),
  }
}

/** Of the built packages, as their users bundle them. */
async function pageKb(imports: Readonly<Record<string, string>>, folder: string): Promise<number> {
  const contents = Object.entries(imports)
    .map(([module, name], at) => `export { ${name} as export${at} } from ${JSON.stringify(module)}`)
    .join('\n')
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'error',
  })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 1000
}
