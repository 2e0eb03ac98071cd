import type { EmbedRequest } from '../provider.ts'
import { checkNames, must } from './check.ts'
import { isRecord } from './is-record.ts'

const FIELDS: Readonly<Record<keyof EmbedRequest, true>> = { model: true, input: true, dimensions: true }

/** Checks a request of `embed()`. @throws TypeError that names the field and what would be right. */
export function checkEmbed(who: string, request: EmbedRequest): EmbedRequest {
  const fields: unknown = request
  must(isRecord(fields), `${who}: the request`, 'an object with model and input', fields)
  const { model, input, dimensions } = fields
  checkNames(who, 'embed() has no field', fields, FIELDS, 'Fields')
  must(typeof model === 'string' && model !== '', `${who}: model`, 'a string that is not empty', model)
  must(Array.isArray(input) && input.length > 0, `${who}: input`, "an array of texts, as in ['Hello']", input)
  // Not forEach: it skips the holes of an array.
  for (const [index, text] of input.entries())
    must(typeof text === 'string', `${who}: input[${index}]`, 'a string', text)
  const isCount = dimensions === undefined || (Number.isInteger(dimensions) && Number(dimensions) > 0)
  must(isCount, `${who}: dimensions`, 'a whole number above 0', dimensions)
  return request
}
