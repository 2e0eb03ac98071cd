import { cutToolId } from '../client/short-tool-id.ts'

/** The API's limit for the name of a function. */
const MAX_NAME_LENGTH = 64

/** A tool in a namespace as one name, which is how other dialects can call it. */
export const joinedName = (namespace: string, name: string): string =>
  cutToolId(`${namespace}__${name}`, MAX_NAME_LENGTH)

/** The tools of a request that are in namespaces, by their joined names. */
export class Namespaces {
  readonly #tools = new Map<string, { namespace: string; name: string }>()
  readonly #joined = new Map<string, string>()

  /** Gives the joined name. */
  add(namespace: string, name: string): string {
    const joined = joinedName(namespace, name)
    this.#tools.set(joined, { namespace, name })
    this.#joined.set(name, joined)
    return joined
  }

  /** The joined name of a tool, where a choice of tools leaves out its namespace; the name itself for a tool without one. */
  find(name: string): string {
    return this.#joined.get(name) ?? name
  }

  /** The fields of a call that name its tool. */
  split(name: string): { name: string; namespace?: string } {
    return this.#tools.get(name) ?? { name }
  }
}
