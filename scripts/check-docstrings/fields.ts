/** The fields of what a package exports, and which of them an editor shows without a text. */

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'

/**
 * The fields without a docstring, as `file: Interface.field`, of the interfaces that a module exports, also from other modules.
 * A field of one literal, such as `type: 'text'`, says all by itself.
 */
export function undocumentedFields(door: string): string[] {
  return parse(door).statements.flatMap((statement) => [
    ...(ts.isInterfaceDeclaration(statement) && isExported(statement) ? fieldsWithout(door, statement) : []),
    ...namesOf(statement).flatMap((element) => exported(door, statement, element)),
  ])
}

/** Of one name that a module exports from another one of its package. */
function exported(file: string, statement: ts.Statement, { name, propertyName }: ts.ExportSpecifier): string[] {
  const from = ts.isExportDeclaration(statement) ? statement.moduleSpecifier : undefined
  if (from === undefined || !ts.isStringLiteral(from) || !from.text.startsWith('.')) return []
  const source = join(dirname(file), from.text)
  const original = (propertyName ?? name).text
  return parse(source).statements.flatMap((inner) =>
    ts.isInterfaceDeclaration(inner) && inner.name.text === original
      ? fieldsWithout(source, inner)
      : namesOf(inner)
          .filter((element) => element.name.text === original)
          .flatMap((element) => exported(source, inner, element)),
  )
}

const namesOf = (statement: ts.Statement): readonly ts.ExportSpecifier[] =>
  ts.isExportDeclaration(statement) && statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause)
    ? statement.exportClause.elements
    : []

const fieldsWithout = (file: string, { name, members }: ts.InterfaceDeclaration): string[] =>
  members
    .filter((member) => ts.getJSDocCommentsAndTags(member).length === 0 && !isLiteral(member))
    .map((member) => `${file}: ${name.text}.${member.name?.getText() ?? ''}`)

/** Whether the type of a field is a single literal, or that and `undefined`. */
function isLiteral(member: ts.TypeElement): boolean {
  if (!ts.isPropertySignature(member) || member.type === undefined) return false
  const types = ts.isUnionTypeNode(member.type) ? member.type.types : [member.type]
  const [first, ...others] = types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword)
  return first !== undefined && ts.isLiteralTypeNode(first) && others.length === 0
}

const isExported = (node: ts.InterfaceDeclaration): boolean =>
  node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true

const parsed = new Map<string, ts.SourceFile>()

function parse(file: string): ts.SourceFile {
  const known = parsed.get(file) ?? ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  parsed.set(file, known)
  return known
}
