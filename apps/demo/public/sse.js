/**
 * Reads server-sent events, as the HTML standard spells them: lines may end in CR, LF or CRLF, and a read may end
 * anywhere, also inside a character or between the CR and the LF.
 *
 * @param {AsyncIterable<Uint8Array>} bytes
 * @returns {AsyncGenerator<{ type: string, data: string }, void>}
 */
export async function* serverSentEvents(bytes) {
  // Drops a byte order mark, and keeps the first half of a character until the second comes.
  const decoder = new TextDecoder()
  let rest = ''
  let type = ''
  /** @type {string[]} */
  let data = []
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true })
    // A CR at the end may be half of a CRLF: it waits for the next read.
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
  // An event that its empty line did not end is not an event.
}
