/**
 * Type-checks every sample: the fenced `ts` blocks of READMEs, guides and decisions, and the `@example`s of docstrings. Each
 * becomes a module in a folder of `examples`, which resolves every package to its sources, and one run of tsc checks them all.
 *
 * - A `ts` block is a whole module, as a user would paste it. A block whose fence names a file, as in "ts examples/login.ts",
 *   repeats that file: it is compared with it, and `--write` copies it anew.
 * - An `@example` may leave out imports, and may use the names that `examples/prelude.ts` declares. An `@example` with its
 *   code on the same line is a value of the option that it documents.
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Sample, samplesOfPage, samplesOfSource } from './check-samples/extract.ts'
import { type Module, ModuleWriter } from './check-samples/write-module.ts'

const PAGES = ['*.md', 'docs/**/*.md', '{packages,apps,checks}/*/README.md', '{bench,checks,examples}/README.md']
const SOURCES = ['packages/*/src/**/*.ts']

/** Every sample of the workspace, by file. */
export function findSamples(root: string): Sample[] {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8')
  return [
    ...globSync(PAGES, { cwd: root }).flatMap((file) => samplesOfPage(file, read(file))),
    ...globSync(SOURCES, { cwd: root }).flatMap((file) => samplesOfSource(file, read(file))),
  ]
}

/** Problems, one line each, as `file:line: what is wrong`. */
export function checkSamples(root: string, samples: readonly Sample[]): string[] {
  const copies = samples.filter(isStale(root)).map(({ file, line, copyOf }) => {
    return `${file}:${line}: differs from ${copyOf ?? ''}. Run pnpm samples --write.`
  })
  return [...copies, ...typeProblems(root, samples)]
}

const isStale =
  (root: string) =>
  ({ copyOf, code }: Sample): boolean =>
    copyOf !== undefined && readFileSync(join(root, copyOf), 'utf8').trimEnd() !== code

function typeProblems(root: string, samples: readonly Sample[]): string[] {
  const folder = mkdtempSync(join(root, 'examples/.samples-'))
  try {
    const writer = new ModuleWriter(root, folder)
    const modules = samples.map((sample) => writer.module(sample))
    for (const [index, { text }] of modules.entries()) writeFileSync(join(folder, `${index}.ts`), `${text}\n`)
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../tsconfig.base.json',
        include: ['*.ts'],
        // So that the samples of a new provider compile before examples depends on it.
        compilerOptions: { paths: { '@rivulet/provider-*': ['../../packages/provider-*/src/index.ts'] } },
      }),
    )
    const tsc = join(root, 'node_modules/.bin/tsc')
    const { status, stdout, stderr } = spawnSync(tsc, ['-p', '.', '--pretty', 'false'], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (status === 0) return []
    // A problem is a line, and its details are the lines below, which are indented.
    const problems = stdout.split(/\n(?! |$)/).map((problem) => problem.trimEnd())
    if (problems.length === 0) throw new Error(`tsc failed: ${stderr}`)
    return problems.map((line) => atItsPlace(line, samples, modules))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `12.ts(3,7): error TS2345: …` as `packages/core/src/errors.ts:26: error TS2345: …`. */
function atItsPlace(problem: string, samples: readonly Sample[], modules: readonly Module[]): string {
  const [, index, line, what] = /^(\d+)\.ts\((\d+),\d+\): (.*)$/s.exec(problem) ?? []
  const sample = samples[Number(index)]
  const module = modules[Number(index)]
  if (sample === undefined || module === undefined) return problem
  return `${sample.file}:${sample.line + Math.max(0, Number(line) - 1 - module.lines)}: ${what ?? ''}`
}

/** Copies into each page what the file that a fence names holds now. */
export function withCopies(text: string, fileText: (file: string) => string): string {
  return text.replaceAll(
    /^```ts (\S+)\n[^]*?^```$/gm,
    (_, file: string) => `\`\`\`ts ${file}\n${fileText(file).trimEnd()}\n\`\`\``,
  )
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  if (process.argv.includes('--write')) {
    for (const page of globSync(PAGES, { cwd: root })) {
      const text = readFileSync(join(root, page), 'utf8')
      const fresh = withCopies(text, (file) => readFileSync(join(root, file), 'utf8'))
      if (fresh !== text) writeFileSync(join(root, page), fresh)
    }
  }
  const samples = findSamples(root)
  const problems = checkSamples(root, samples)
  for (const problem of problems) console.log(problem)
  console.log(`${samples.length} samples, ${problems.length} problems`)
  if (problems.length > 0) process.exitCode = 1
}
