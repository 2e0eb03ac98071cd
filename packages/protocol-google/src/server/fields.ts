import { Fields as FieldsOfOneSpelling } from '@rivulet/core/provider'

/** As the API's own reader does, which takes a field by either spelling. */
const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const camelCase = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** The fields of one object, in camel case or in snake case; their words in upper or lower case. */
export class Fields extends FieldsOfOneSpelling {
  /** The names of those that are given, in camel case. */
  override get names(): string[] {
    return [...new Set(super.names.filter((name) => super.get(name) !== undefined).map(camelCase))]
  }

  override get(name: string): unknown {
    return super.get(name) ?? super.get(snakeCase(name))
  }

  override refuse(name: string, words: string): never {
    super.refuse(name, `${words}.`)
  }

  protected override spelled(word: string): string {
    return word.toUpperCase()
  }
}
