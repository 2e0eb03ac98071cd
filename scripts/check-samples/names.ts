import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'

/** What a module exports: each name, and whether it is a type alone. */
export type Exports = ReadonlyMap<string, { isType: boolean }>

/** A module that samples may import from. */
export interface Door {
  /** As in an import: `@rivulet/core/provider`. */
  specifier: string
  names: Exports
}

/** The names that a module exports, read from its text. */
export function exportsOf(text: string): Exports {
  const names = new Map<string, { isType: boolean }>()
  const source = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest)
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement)) {
      if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) continue
      for (const { name, isTypeOnly } of statement.exportClause.elements) {
        names.set(name.text, { isType: isTypeOnly || statement.isTypeOnly })
      }
    } else if (ts.canHaveModifiers(statement) && isExported(statement)) {
      const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)
      for (const name of declared(statement)) names.set(name, { isType })
    }
  }
  return names
}

const isExported = (statement: ts.HasModifiers): boolean =>
  statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true

/** The names that a statement brings into its module. */
function declared(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => bound(name))
  if (ts.isImportDeclaration(statement)) {
    const bindings = statement.importClause?.namedBindings
    const named = bindings === undefined ? [] : ts.isNamedImports(bindings) ? bindings.elements : [bindings]
    return [statement.importClause, ...named].flatMap((clause) => clause?.name?.text ?? [])
  }
  const { name } = statement as Partial<ts.DeclarationStatement>
  return name !== undefined && ts.isIdentifier(name) ? [name.text] : []
}

function bound(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? bound(element.name) : []))
}

/** The names that a sample mentions and does not declare at its top; some of them may be declared further in. */
export function mentioned(code: string): Set<string> {
  const source = ts.createSourceFile('sample.ts', code, ts.ScriptTarget.Latest)
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text)
    else if (ts.isPropertyAccessExpression(node)) visit(node.expression)
    else if (ts.isPropertyAssignment(node)) visit(node.initializer)
    else ts.forEachChild(node, visit)
  }
  visit(source)
  for (const name of source.statements.flatMap(declared)) names.delete(name)
  return names
}

/** The doors of every package under `root`, by the package's folder. */
export function doors(root: string): Map<string, Door[]> {
  const found = globSync('packages/*/package.json', { cwd: root }).sort()
  return new Map(
    found.map((path) => {
      const { name, exports = {} } = JSON.parse(readFileSync(join(root, path), 'utf8')) as {
        name: string
        exports?: Record<string, Record<string, string>>
      }
      const all = Object.entries(exports).flatMap(([subpath, { '@rivulet/source': source }]) => {
        if (source === undefined) return []
        const names = exportsOf(readFileSync(join(root, dirname(path), source), 'utf8'))
        return [{ specifier: name + subpath.slice(1), names }]
      })
      return [dirname(path), all]
    }),
  )
}
