import { readFileSync } from 'node:fs'
import ts from 'typescript'

export interface Import {
  specifier: string
  line: number
}

/** What the laws and the picture need to know of one file. */
export interface Source {
  /** From the workspace's root, with `/`. */
  path: string
  lines: number
  imports: Import[]
  /** Lines of `export *` and of `export default`. */
  exportStars: number[]
  defaultExports: number[]
  anys: number
  /** `as` and `<T>` assertions; `as const` promises nothing and is not counted. */
  assertions: number
}

export function readSource(file: string, path: string): Source {
  const text = readFileSync(file, 'utf8')
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const source: Source = {
    path,
    lines: text === '' ? 0 : text.replace(/\n$/, '').split('\n').length,
    imports: [],
    exportStars: [],
    defaultExports: [],
    anys: 0,
    assertions: 0,
  }
  const lineOf = (node: ts.Node): number => tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    if (specifier !== undefined) source.imports.push({ specifier, line: lineOf(node) })
    if (isExportStar(node)) source.exportStars.push(lineOf(node))
    if (isDefaultExport(node)) source.defaultExports.push(lineOf(node))
    if (node.kind === ts.SyntaxKind.AnyKeyword) source.anys++
    if ((ts.isAsExpression(node) && !ts.isConstTypeReference(node.type)) || ts.isTypeAssertionExpression(node)) {
      source.assertions++
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return source
}

/** Every way to name another module: import, export from, import() and the type import(). */
function specifierOf(node: ts.Node): string | undefined {
  let named: ts.Node | undefined
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) named = node.moduleSpecifier
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) named = node.argument.literal
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) named = node.arguments[0]
  return named !== undefined && ts.isStringLiteralLike(named) ? named.text : undefined
}

function isExportStar(node: ts.Node): boolean {
  if (!ts.isExportDeclaration(node)) return false
  return node.exportClause === undefined || ts.isNamespaceExport(node.exportClause)
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true
  if (ts.isExportSpecifier(node)) return node.name.text === 'default'
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.DefaultKeyword)
}
