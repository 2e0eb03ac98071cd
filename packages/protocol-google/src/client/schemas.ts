import { adaptSchema, type Dropped, GEMINI_SCHEMA, schemaNote } from '@rivulet/core/provider'

type Schema = Readonly<Record<string, unknown>>

/** Writes the schemas of one request. The API passes over the keywords that it does not read: they are named. */
export class Schemas {
  readonly #keywords = new Set<string>()

  write(schema: Schema): Schema {
    const adapted = adaptSchema(schema, GEMINI_SCHEMA)
    for (const keyword of adapted.dropped) this.#keywords.add(keyword)
    return adapted.schema
  }

  name(dropped: Dropped): void {
    const note = schemaNote([...this.#keywords].sort())
    if (note !== undefined) dropped.add(note)
  }
}
