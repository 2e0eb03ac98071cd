/**
 * The offset after the quote that closes a string in JSON, or the length of the text if none does. Each character is read
 * once, and a string may have any length: a regular expression runs out of stack in one of ten million characters.
 *
 * @param from The offset after the quote that opens it.
 */
export function jsonStringEnd(text: string, from: number): number {
  for (let at = from; ;) {
    const quote = text.indexOf('"', at)
    if (quote === -1) return text.length
    let escapes = quote
    while (escapes > at && text[escapes - 1] === '\\') escapes--
    if ((quote - escapes) % 2 === 0) return quote + 1
    at = quote + 1
  }
}
