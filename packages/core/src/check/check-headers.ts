import { must } from './check.ts'
import { isRecord } from './is-record.ts'

/** Headers that belong to the connection: one hop of the way reads them, and setting one breaks the request or sends it to another host. */
const RESERVED =
  /^(host|content-length|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-(connection|authenticate|authorization))$/
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
// The characters of a field value (RFC 9110, 5.5), as latin1.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Merges headers into one record with lower-case names; the last of a name wins. Refuses a name or value that is not valid. */
export function checkHeaders(who: string, ...sources: unknown[]): Record<string, string> {
  const checked: Record<string, string> = {}
  for (const headers of sources) {
    if (headers === undefined) continue
    // The fields of a Headers or a Map are not its entries: they would be left out unnoticed.
    const isObject = isRecord(headers) && !(Symbol.iterator in headers)
    must(isObject, `${who}: headers`, 'an object of strings', headers)
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
