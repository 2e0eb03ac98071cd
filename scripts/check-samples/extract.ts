import ts from 'typescript'

/** A piece of code from a page or a docstring. */
export interface Sample {
  /** Where it is written, from the root of the workspace. */
  file: string
  /** Its first line there, from 1. */
  line: number
  code: string
  /**
   * `'module'`: a whole module, as a user would paste it. `'example'`: an `@example`, which may leave out imports and use
   * the names of `examples/prelude.ts`. `'value'`: an `@example` on one line, which is a value of the option below it.
   */
  kind: 'module' | 'example' | 'value'
  /** The file whose text a `module` must repeat: the word after `ts` on its fence. */
  copyOf?: string
  /** Of a `value`: the option, as in `HedgeOptions.afterPercentile`. */
  option?: { owner: string; name: string }
}

/** The fenced `ts` blocks of a page. */
export function samplesOfPage(file: string, text: string): Sample[] {
  const samples: Sample[] = []
  let open: { fence: string; line: number; code: string[]; info: string } | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const [, fence = '', info = ''] = /^\s*(`{3,})\s*(.*?)\s*$/.exec(line) ?? []
    if (open === undefined) {
      if (fence !== '') open = { fence, line: index + 2, code: [], info }
    } else if (fence !== open.fence || info !== '') open.code.push(line)
    else {
      const [language, copyOf] = open.info.split(/\s+/)
      const sample: Sample = { file, line: open.line, code: open.code.join('\n'), kind: 'module' }
      if (language === 'ts') samples.push(copyOf === undefined ? sample : { ...sample, copyOf })
      open = undefined
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.line - 1}: this block has no end`)
  return samples
}

/** The `@example` tags of a source file's docstrings. */
export function samplesOfSource(file: string, text: string): Sample[] {
  const lines = text.split('\n')
  const samples: Sample[] = []
  for (const [index, line] of lines.entries()) {
    const [, value] = /^\s*\* @example *(.*)$/.exec(line) ?? []
    if (value === undefined) {
      if (/\s@example\b/.test(line)) throw new Error(`${file}:${index + 1}: begin a line with @example`)
      continue
    }
    const end = lines.findIndex((next, at) => at > index && /^\s*\*(\/| @[a-z])/.test(next))
    if (value === '') {
      const code = lines.slice(index + 1, end).map((next) => next.replace(/^\s*\* ?/, ''))
      samples.push({ file, line: index + 2, code: code.join('\n'), kind: 'example' })
    } else {
      const option = optionAt(text, lines.slice(0, index).join('\n').length)
      samples.push({ file, line: index + 1, code: value, kind: 'value', ...(option && { option }) })
    }
  }
  return samples
}

/** The member of an interface whose docstring holds this place. */
function optionAt(text: string, place: number): Sample['option'] {
  let found: Sample['option']
  ts.forEachChild(ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest), (statement) => {
    if (!ts.isInterfaceDeclaration(statement)) return
    const member = statement.members.find(({ pos, end }) => pos <= place && place < end)
    if (member?.name !== undefined && ts.isIdentifier(member.name)) {
      found = { owner: statement.name.text, name: member.name.text }
    }
  })
  return found
}
