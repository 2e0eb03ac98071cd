import { must } from './check.ts'
import { isRecord } from './is-record.ts'

/** Headers that belong to the connection: a caller who sets one breaks the request, or sends it elsewhere. */
const RESERVED = /^(host|content-length|transfer-encoding|connection|expect|upgrade)$/
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
// What a field value may hold (RFC 9110, 5.5), as latin1.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Headers in one record, with their names in lower case, the last of a name; refuses what would not be one header. */
export function checkHeaders(who: string, ...given: unknown[]): Record<string, string> {
  const checked: Record<string, string> = {}
  for (const headers of given) {
    if (headers === undefined) continue
    must(isRecord(headers), `${who}: headers`, 'an object of strings', headers)
    for (const [name, value] of Object.entries(headers)) checked[name.toLowerCase()] = checkHeader(who, name, value)
  }
  return checked
}

function checkHeader(who: string, name: string, value: unknown): string {
  const refuse = (what: string): never => {
    throw new TypeError(`${who}: headers: ${what}.`)
  }
  if (!NAME.test(name)) refuse(`${JSON.stringify(name)} is not a header name`)
  if (RESERVED.test(name.toLowerCase())) refuse(`"${name}" belongs to the connection and can't be set`)
  must(typeof value === 'string', `${who}: headers: "${name}"`, 'a string', value)
  // The value may be a secret: it is not shown.
  if (!VALUE.test(value)) refuse(`the value of "${name}" has a line break or a character no header can carry`)
  return value
}
