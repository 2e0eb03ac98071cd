import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Sample } from './extract.ts'
import { type Door, doors, exportsOf, mentioned } from './names.ts'

/** What an `@example` of a testkit or a server takes from elsewhere. */
const OUTSIDE: readonly Door[] = [
  { specifier: 'vitest', names: namesOf('describe', 'expect', 'it') },
  { specifier: 'node:http', names: namesOf('createServer') },
]

/** A sample as a module that TypeScript can check: `lines` of ours come before the first line of the sample. */
export interface Module {
  text: string
  lines: number
}

/** Writes samples as modules that lie in `folder`, and adds to an `@example` the imports that it leaves out. */
export class ModuleWriter {
  readonly #root: string
  readonly #folder: string
  readonly #byPackage: ReadonlyMap<string, readonly Door[]>
  readonly #prelude: Door

  constructor(root: string, folder: string) {
    this.#root = root
    this.#folder = folder
    this.#byPackage = doors(root)
    this.#prelude = this.#fileDoor('examples/prelude.ts')
  }

  module({ kind, file, code, option }: Sample): Module {
    if (kind === 'module') return { text: code, lines: 0 }
    if (kind === 'example') return below(this.#imports(file, code), code)
    if (option === undefined)
      throw new Error(`${file}: @example ${code}: a value belongs above a member of an interface`)
    const { owner, name } = option
    const imports = this.#imports(file, `${code}; type _ = ${owner}`)
    return below([...imports, `export const sample: ${owner}['${name}'] =`], code)
  }

  /** The package's own names come first, then the file's, core's, the prelude's, and those of all other packages. */
  #imports(file: string, code: string): string[] {
    const own = file.split('/').slice(0, 2).join('/')
    const order = [
      ...(this.#byPackage.get(own) ?? []),
      this.#fileDoor(file),
      ...(this.#byPackage.get('packages/core') ?? []),
      this.#prelude,
      ...OUTSIDE,
      ...[...this.#byPackage.values()].flat(),
    ]
    return [...mentioned(code)].flatMap((name) => {
      const door = order.find(({ names }) => names.has(name))
      if (door === undefined) return []
      return [`import { ${door.names.get(name)?.isType === true ? 'type ' : ''}${name} } from '${door.specifier}'`]
    })
  }

  #fileDoor(file: string): Door {
    const specifier = relative(this.#folder, join(this.#root, file))
    return { specifier, names: exportsOf(readFileSync(join(this.#root, file), 'utf8')) }
  }
}

const below = (lines: readonly string[], code: string): Module => ({
  text: [...lines, code].join('\n'),
  lines: lines.length,
})

function namesOf(...names: string[]): Door['names'] {
  return new Map(names.map((name) => [name, { isType: false }]))
}
