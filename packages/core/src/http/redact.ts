/** The text without the secrets, in whatever spelling an endpoint may have sent them back. */
export function redact(text: string, secrets: readonly string[]): string {
  // The longest first: one secret may hold another.
  const spellings = secrets.flatMap(spellingsOf).sort((a, b) => b.length - a.length)
  return spellings.reduce((clean, spelling) => clean.replaceAll(spelling, '***'), text)
}

/** As {@link redact}, of a text that was cut off: also without the beginning of a secret at its end. */
export function redactCut(text: string, secrets: readonly string[]): string {
  const clean = redact(text, secrets)
  for (const spelling of secrets.flatMap(spellingsOf)) {
    // Fewer letters than four say nothing, and stand at the end of many a text.
    for (let length = spelling.length - 1; length >= 4; length--) {
      if (clean.endsWith(spelling.slice(0, length))) return `${clean.slice(0, -length)}***`
    }
  }
  return clean
}

/** Plain, as in a URI, as in a query (which escapes more), as in JSON, and as in JSON that escapes slashes. */
export function spellingsOf(secret: string): string[] {
  if (secret === '') return []
  const inQuery = new URLSearchParams([['', secret]]).toString().slice(1)
  const inJson = JSON.stringify(secret).slice(1, -1)
  return [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    inQuery,
    inQuery.replaceAll('+', '%20'),
    inJson,
    inJson.replaceAll('/', '\\/'),
  ]
}
