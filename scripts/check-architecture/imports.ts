import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { DIRECTION, type Floor, floorOf, isBeside, mayImport } from './floors.ts'
import type { Import, Source } from './source.ts'
import { type Json, type Package, type Workspace, isTable, splitSpecifier, tableAt } from './workspace.ts'

/** The laws about imports. Each problem says where it is and what to do. */
export function importProblems(workspace: Workspace): string[] {
  return [
    ...workspace.packages.flatMap((pack) => [
      ...crossings(workspace, pack),
      ...unusedDependencies(pack),
      ...circles(fileGraph(pack), 'files', 'move what both need into a file that imports neither'),
      ...exportForms(pack),
    ]),
    ...circles(packageGraph(workspace), 'packages', 'take one of these out of dependencies and devDependencies'),
    ...rootImports(workspace),
  ]
}

/** Import by import: does it leave the package, and if so, may it? */
function crossings(workspace: Workspace, pack: Package): string[] {
  const problems: string[] = []
  const floor = floorOf(pack)
  if (floor === undefined) {
    problems.push(`${pack.folder}: stands on no floor: give it a line in scripts/check-architecture/floors.ts`)
  }
  for (const source of pack.src) {
    for (const found of source.imports) problems.push(...crossing(workspace, pack, source, found, floor))
  }
  for (const source of pack.beside) {
    for (const found of source.imports) problems.push(...crossing(workspace, pack, source, found, undefined))
  }
  return problems
}

/** `floor` is undefined where direction is free: in tests, benches and examples. */
function crossing(
  workspace: Workspace,
  pack: Package,
  source: Source,
  { specifier, line }: Import,
  floor: Floor | undefined,
): string[] {
  const at = `${source.path}:${line}`
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(source.path), specifier)
    const left = target !== pack.folder && !target.startsWith(`${pack.folder}/`)
    return left ? [`${at}: '${specifier}' reaches out of the package: import the other package by its name`] : []
  }
  return externalsOf(pack, specifier).flatMap((outside) => {
    const problems: string[] = []
    const { name, subpath } = splitSpecifier(outside)
    const other = workspace.packages.find((candidate) => candidate.name === name)
    if (other !== undefined && subpath !== '.' && !Object.hasOwn(tableAt(other.manifest, 'exports'), subpath)) {
      problems.push(
        `${at}: '${outside}' reaches into ${name}: import '${name}' (and export the name there if it is missing)`,
      )
    }
    if (other === pack) return problems
    const shipped = source.path.startsWith(`${pack.folder}/src/`)
    const lists = shipped ? SHIPPED : [...SHIPPED, 'devDependencies']
    // The test runner and its like stand in the root's package.json, once for all tests.
    const fromRoot =
      !shipped && other === undefined && Object.hasOwn(tableAt(workspace.manifest, 'devDependencies'), name)
    if (!fromRoot && !lists.some((list) => Object.hasOwn(tableAt(pack.manifest, list), name))) {
      const list = shipped ? 'dependencies' : 'devDependencies'
      problems.push(`${at}: '${name}' is not in ${pack.folder}/package.json: add it to ${list}`)
    }
    const otherFloor = other === undefined ? undefined : floorOf(other)
    if (floor !== undefined && otherFloor !== undefined && !mayImport(floor, otherFloor)) {
      problems.push(`${at}: ${pack.short} may not import ${name}: ${wayOut(floor, otherFloor)}`)
    }
    return problems
  })
}

const SHIPPED = ['dependencies', 'peerDependencies', 'optionalDependencies']

function wayOut(from: Floor, to: Floor): string {
  if (isBeside(to)) return 'only tests, benches and apps may; move the import to test/'
  if (from === 'provider' && to === 'provider') return 'move the dialect both speak into a protocol-* package'
  if ((from === 'router' || from === 'gateway') && to === 'provider') return 'take a Provider as an argument'
  return `imports point left (${DIRECTION}): move the code to the left, or take it as an argument`
}

/** The packages that an import names: itself, or what a `#name` of the manifest's "imports" stands for. */
function externalsOf(pack: Package, specifier: string): string[] {
  if (specifier.startsWith('#')) return aliasTargets(pack, specifier).filter((target) => !target.startsWith('.'))
  return isBuiltin(specifier) ? [] : [specifier]
}

/** Every file or package that a `#name` may mean, under any condition; built files as their sources. */
function aliasTargets(pack: Package, specifier: string): string[] {
  const leaves = (value: Json | undefined): string[] => {
    if (typeof value === 'string') return [value]
    return isTable(value) ? Object.values(value).flatMap(leaves) : []
  }
  const targets = leaves(tableAt(pack.manifest, 'imports')[specifier])
  const asSource = (target: string): string => target.replace(/^\.\/dist\/(.*)\.js$/, './src/$1.ts')
  return [...new Set(targets.map(asSource).filter((target) => !isBuiltin(target)))]
}

function unusedDependencies(pack: Package): string[] {
  const used = new Set(
    pack.src.flatMap((source) =>
      source.imports.flatMap(({ specifier }) =>
        externalsOf(pack, specifier).map((outside) => splitSpecifier(outside).name),
      ),
    ),
  )
  return Object.keys(tableAt(pack.manifest, 'dependencies'))
    .filter((name) => !used.has(name))
    .map((name) => `${pack.folder}/package.json: nothing in src imports '${name}': remove it from dependencies`)
}

function exportForms(pack: Package): string[] {
  if (pack.kind === 'app') return []
  return pack.src.flatMap((source) => [
    ...source.exportStars.map((line) => `${source.path}:${line}: export * hides what is public: write every name out`),
    ...source.defaultExports.map((line) => `${source.path}:${line}: export default has no name: export it by its name`),
  ])
}

type Graph = Map<string, string[]>

/** Types count too: a file that cannot be read without the other is one file. */
function fileGraph(pack: Package): Graph {
  const targets = (source: Source): string[] =>
    source.imports.flatMap(({ specifier }) => {
      if (specifier.startsWith('.')) return [posix.join(posix.dirname(source.path), specifier)]
      if (!specifier.startsWith('#')) return []
      return aliasTargets(pack, specifier).map((target) => posix.join(pack.folder, target))
    })
  return new Map(pack.src.map((source) => [source.path, targets(source)]))
}

function packageGraph(workspace: Workspace): Graph {
  const needs = (pack: Package): string[] =>
    [...SHIPPED, 'devDependencies'].flatMap((list) => Object.keys(tableAt(pack.manifest, list)))
  return new Map(workspace.packages.map((pack) => [pack.name, needs(pack)]))
}

/** One problem for each circle, written from its first member in the alphabet. */
function circles(graph: Graph, what: string, wayOut: string): string[] {
  const found = new Map<string, string>()
  const done = new Set<string>()
  const visit = (node: string, path: string[]): void => {
    const start = path.indexOf(node)
    if (start !== -1) {
      const circle = path.slice(start)
      const first = circle.indexOf(circle.toSorted()[0] ?? '')
      const turned = [...circle.slice(first), ...circle.slice(0, first)]
      found.set(turned.join(), `${[...turned, turned[0]].join(' → ')}: ${what} in a circle: ${wayOut}`)
      return
    }
    if (done.has(node)) return
    for (const next of graph.get(node) ?? []) visit(next, [...path, node])
    done.add(node)
  }
  for (const node of graph.keys()) visit(node, [])
  return [...found.values()]
}

/** Scripts, benches and configs stand outside the house: they may import anyone, by name, once it is declared. */
function rootImports(workspace: Workspace): string[] {
  const { manifest, own, packages } = workspace
  const declared = [...SHIPPED, 'devDependencies'].flatMap((list) => Object.keys(tableAt(manifest, list)))
  return own.flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier, line }) => {
      if (specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(path), specifier)
        const inside = packages.find((pack) => target.startsWith(`${pack.folder}/`))
        if (inside === undefined) return []
        return [`${path}:${line}: '${specifier}' reaches into ${inside.name}: import it by its name`]
      }
      const { name } = splitSpecifier(specifier)
      if (isBuiltin(specifier) || specifier.startsWith('#') || declared.includes(name)) return []
      return [`${path}:${line}: '${name}' is not in package.json: add it to devDependencies`]
    }),
  )
}
