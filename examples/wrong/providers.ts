/** WRONG, each of them: parts of a provider that compile and break. `test/own-dialect.test.ts` shows how. */
import type { ChatEvent, Provider } from '@rivulet/core'
import { ndjsonFraming, type Opened, type Protocol } from '@rivulet/core/provider'

/** Remembers in the module and not in `decode`: two answers at a time share the text. */
let soFar = ''
export const sharing: Pick<Opened, 'decode'> = {
  decode: (emit) => ({
    push(frame) {
      soFar += frame.text()
      if (!soFar.endsWith('.')) return
      emit({ type: 'text', text: soFar })
      soFar = ''
    },
    end() {
      emit({ type: 'finish', reason: 'stop' })
    },
  }),
}

/** Takes the end of the body for the end of the answer: a connection that broke gives a short answer that looks whole. */
export const trusting: Pick<Protocol, 'framing'> & Pick<Opened, 'decode'> = {
  framing: () => ndjsonFraming(),
  decode: (emit) => ({
    push(frame) {
      const { say } = JSON.parse(frame.text()) as { say?: string }
      if (say !== undefined) emit({ type: 'text', text: say })
    },
    end() {
      emit({ type: 'finish', reason: 'stop' })
    },
  }),
}

/** Reads the request late, ignores the signal, waits for the whole answer, and reports a failure as one. */
export const naive = (url: string): Provider['stream'] =>
  async function* (request): AsyncGenerator<ChatEvent> {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(request) })
    yield { type: 'start', provider: 'naive', model: request.model }
    yield { type: 'text', text: response.ok ? await response.text() : `Error ${response.status}` }
    yield { type: 'finish', reason: 'stop' }
  }
