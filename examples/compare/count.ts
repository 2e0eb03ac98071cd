import ts from 'typescript'

/** What a program takes. The rule is the same for everybody: see docs/compare.md. */
export interface Count {
  /** Lines that are neither blank, nor an import, nor a comment. */
  lines: number
  /** Calls of functions and constructors, of any library and of the language's own. */
  calls: number
}

/** Counts a program that is formatted. */
export function count(program: string): Count {
  const file = ts.createSourceFile('program.ts', program, ts.ScriptTarget.Latest)
  const lineOf = (position: number): number => file.getLineAndCharacterOfPosition(position).line
  const lines = new Set<number>()
  let calls = 0
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isJSDoc(node)) return
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) calls++
    // Tokens have no children. A template is one token over several lines.
    if (node.getChildCount(file) === 0 && node.getWidth(file) > 0) {
      for (let line = lineOf(node.getStart(file)); line <= lineOf(node.getEnd()); line++) lines.add(line)
    }
    for (const child of node.getChildren(file)) visit(child)
  }
  visit(file)
  return { lines: lines.size, calls }
}
