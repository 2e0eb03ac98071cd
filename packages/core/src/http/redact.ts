/** Finds secrets wherever an endpoint may echo them, and in every way in which it may write them. */

/** Replaces the secrets in a text by `***`. */
export function redact(text: string, secrets: readonly string[]): string {
  return patternsOf(secrets).reduce((redacted, pattern) => redacted.replace(pattern, '***'), text)
}

/** As {@link redact}, for a text that was cut off: also replaces the beginning of a secret at the end of the text. */
export function redactCut(text: string, secrets: readonly string[]): string {
  const redacted = redact(text, secrets)
  const cut = cutSecret(redacted, secrets)
  return cut === undefined ? redacted : `${redacted.slice(0, cut)}***`
}

/** Longer secrets are looked for in parts: an expression has a greatest length. */
const MAX_PART = 256

/** By the list of secrets: one failure has many texts, and a provider with one key may have many failures. */
const patterns = new WeakMap<readonly string[], readonly [of: string, expressions: readonly RegExp[]]>()

/** What finds the secrets in a text. */
export function patternsOf(secrets: readonly string[]): readonly RegExp[] {
  // The list is that of whoever gave the credential, and may have changed since.
  const of = secrets.join('\0')
  let known = patterns.get(secrets)
  if (known?.[0] !== of) patterns.set(secrets, (known = [of, compiled(secrets)]))
  return known[1]
}

/** The secrets as expressions, the longest first, because one secret may contain another. */
function compiled(secrets: readonly string[]): RegExp[] {
  const parts = secrets.flatMap(partsOf).sort((one, other) => other.length - one.length)
  return [...new Set(parts)].flatMap((part) => {
    const plain = new RegExp(Array.from(part).map(everyWay).join(''), 'giu')
    return [plain, ...base64Of(part).map((encoded) => new RegExp(encoded, 'g'))]
  })
}

/** HTTP drops white space around a header's value. */
function partsOf(secret: string): string[] {
  const trimmed = secret.trim()
  if (trimmed.length <= MAX_PART) return trimmed === '' ? [] : [...new Set([secret.slice(0, MAX_PART), trimmed])]
  const count = Math.ceil(trimmed.length / MAX_PART)
  // Side by side and of one length: a part that overlaps another would not be found once that one is replaced.
  const length = Math.ceil(trimmed.length / count)
  return Array.from({ length: count }, (_, at) => trimmed.slice(at * length, (at + 1) * length))
}

const ENTITIES: Readonly<Partial<Record<string, string>>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
}

/** A character as itself, in a URI (perhaps twice), in JSON (perhaps inside JSON), in HTML; letters in either case. */
function everyWay(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  // Array.from() with a function takes three times as long, and a key is long.
  const inUri = new TextEncoder()
    .encode(character)
    .reduce((uri, byte) => `${uri}%(?:25){0,2}${byte.toString(16).padStart(2, '0')}`, '')
  const itself = /[a-z\d]/i.test(character) ? character : `\\\\{0,3}\\u{${hex}}`
  const entity = ENTITIES[character] ?? `#0*${code}`
  const ways = [itself, inUri, `\\\\{1,3}u0*${hex}`, `&(?:amp;)?(?:${entity}|#0{0,4}${code}|#x0{0,4}${hex});`]
  if (character === ' ') ways.push('\\+')
  return `(?:${ways.join('|')})`
}

/** A secret in Base64, of either alphabet, at each place in what was encoded: only the characters that depend on nothing else. */
function base64Of(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret)
  // Of fewer, too little is left that occurs nowhere by chance.
  if (bytes.length < 6) return []
  return [0, 1, 2].map((before) => {
    const text = btoa('\0'.repeat(before) + String.fromCharCode(...bytes))
    const begin = Math.ceil((before * 8) / 6)
    const whole = text.slice(begin, Math.floor(((before + bytes.length) * 8) / 6))
    return whole.replaceAll('+', '[+-]').replaceAll('/', '[/_]')
  })
}

/** Fewer characters reveal little, and are the end of many texts by chance. */
const MIN_CUT = 4

/** Where a secret begins that the end of a text cuts off. */
export function cutSecret(text: string, secrets: readonly string[]): number | undefined {
  for (const part of secrets.flatMap(partsOf)) {
    const characters = Array.from(part)
    // Made when they are needed: hardly any text ends with a part of a key.
    const expressions: RegExp[] = []
    // A character is written with up to 12.
    for (let begin = Math.max(0, text.length - 12 * part.length); begin <= text.length - MIN_CUT; begin++) {
      if (part.startsWith(text.slice(begin))) return begin
      let at = begin
      for (const [index, character] of characters.entries()) {
        const expression = (expressions[index] ??= new RegExp(everyWay(character), 'iuy'))
        expression.lastIndex = at
        if (!expression.test(text)) break
        at = expression.lastIndex
        if (at === text.length) return begin
      }
    }
  }
  return undefined
}
