/**
 * Parses server-sent events as defined by the HTML standard: lines end in CR, LF or CRLF, and a chunk may end anywhere,
 * even inside a character or between CR and LF.
 *
 * @param {AsyncIterable<Uint8Array>} bytes
 * @returns {AsyncGenerator<{ type: string, data: string }, void>}
 */
export async function* serverSentEvents(bytes) {
  // Drops a byte order mark, and buffers an incomplete character until the next chunk.
  const decoder = new TextDecoder()
  let rest = ''
  let type = ''
  /** @type {string[]} */
  let data = []
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true })
    // A CR at the end may be half of a CRLF: keep it for the next chunk.
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { type: type || 'message', data: data.join('\n') }
        type = ''
        data = []
        continue
      }
      const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? []
      if (name === 'data') data.push(value)
      else if (name === 'event') type = value
    }
  }
  // An event without its final blank line is discarded.
}
