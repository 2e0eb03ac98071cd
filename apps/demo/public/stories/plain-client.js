/**
 * A client as it is often written: it reads the lines that begin with `data:` until there are no more. It has no idea of how an
 * answer ends, and so takes one that was cut off for a whole one. It is here to be compared with, not to be copied.
 *
 * @param {string} question
 * @param {string | undefined} fault
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<string, void>} the text, in pieces
 */
export async function* plainClient(question, fault, signal) {
  const response = await fetch('/api/plain', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question, fault }),
    signal,
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    const lines = (rest + read.value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (!line.startsWith('data: ') || line === 'data: [DONE]') continue
      yield JSON.parse(line.slice('data: '.length)).choices[0]?.delta?.content ?? ''
    }
  }
}
