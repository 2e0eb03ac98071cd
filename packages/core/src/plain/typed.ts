import { unlessAborted } from '../async/unless-aborted.ts'
import type { ChatRequest, ChatResult } from '../chat.ts'
import { parseJson } from '../dialect/parse-json.ts'
import { ChatError } from '../errors.ts'
import { checkSchema, issuesOf, jsonSchemaOf, type StandardSchema } from '../tools/standard-schema.ts'

/** What an object must be like. */
export interface TypedOptions<T> {
  /** Validates the object, and may transform it; gives its type. Of any library with Standard Schema: zod, valibot, arktype. */
  schema: StandardSchema<T>
  /** Its JSON Schema, which the model is given. @default what the schema says of itself */
  parameters?: Readonly<Record<string, unknown>> | undefined
  /** A name for the schema, which some models read: letters, digits, `_` and `-`. @default 'answer' */
  name?: string | undefined
}

/** The schema of an object, both ways: for the model, and for what it has written. */
export class Typed<T> {
  readonly format: NonNullable<ChatRequest['responseFormat']>
  readonly #schema: StandardSchema<T>
  readonly #who: string

  /** @throws TypeError for what is not a schema, and for one that does not say its JSON Schema. */
  constructor(who: string, { schema, parameters, name = 'answer' }: TypedOptions<T>) {
    checkSchema(who, schema)
    this.#who = who
    this.#schema = schema
    // The answer is validated here: no endpoint has to hold it to all of the schema.
    this.format = { name, schema: parameters ?? jsonSchemaOf(who, schema), strict: 'auto' }
  }

  /**
   * The object of a whole answer. @throws ChatError for an answer that is none, with the answer as `partial`; the signal's
   * reason, also while the schema's own code waits.
   */
  async read(result: ChatResult, signal: AbortSignal | undefined): Promise<T> {
    const { text, reason, provider, toolCalls } = result
    const refuse = (words: string): ChatError =>
      new ChatError(reason === 'content-filter' ? reason : 'malformed', `${this.#who}: ${words}`, {
        provider,
        partial: result,
      })
    if (reason === 'length') throw refuse('the object is cut off at the length limit: raise maxTokens')
    // What was left out of it may be a part of the object, also where the rest is valid.
    if (reason === 'content-filter') throw refuse('the answer was refused or cut for its content')
    if (toolCalls.length > 0) throw refuse('the model called tools: run() runs them, and takes a schema too')
    const value = parseJson(text)
    if (value === undefined) throw refuse(text === '' ? 'the model gave no object' : 'the answer is not JSON')
    const checked = await unlessAborted(Promise.resolve(this.#schema['~standard'].validate(value)), signal)
    if (checked.issues === undefined) return checked.value
    throw refuse(`the object does not match its schema: ${issuesOf(checked.issues)}`)
  }
}

/**
 * The schema that a call may have.
 *
 * @throws TypeError for what describes a schema without one: it would be a setting that does nothing.
 */
export function typedOf<T>(
  who: string,
  { schema, parameters, name }: { [Name in keyof TypedOptions<T>]: TypedOptions<T>[Name] | undefined },
): Typed<T> | undefined {
  if (schema !== undefined) return new Typed(who, { schema, parameters, name })
  if (parameters === undefined && name === undefined) return undefined
  throw new TypeError(`${who}: parameters and name go with a schema: give one, as of zod, or ask with responseFormat.`)
}
