import { expect, test } from 'vitest'
import type { Protocol } from '../../src/protocol.ts'
import { partialOf } from '../../src/reading/partial.ts'
import { frame, plainWith } from '../support/plain.ts'
import { acme, hello, readUntilFailure, transports } from '../support/providers.ts'
import { serve } from '../support/servers.ts'

/** The plain dialect, which holds back all that it reads. */
const holding = (release: (emit: () => void) => void): Protocol =>
  plainWith((emit) => {
    let held = ''
    return {
      push(sent) {
        held += sent.text()
      },
      end() {
        throw new Error('the body did not end')
      },
      release() {
        release(() => {
          emit({ type: 'text', text: held })
        })
      },
    }
  })

const broken = async (open: (typeof transports)[number][1], protocol: Protocol) => {
  const server = await serve((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(frame('held'), () => response.destroy())
  })
  return readUntilFailure(acme(server.url, { transport: open() }, { protocol }).stream(hello))
}

test.each(transports)(
  'text that a decoder holds back is delivered when the connection breaks, over %s',
  async (_name, open) => {
    const { events, reason } = await broken(
      open,
      holding((emit) => {
        emit()
      }),
    )
    expect(events.at(-1)).toEqual({ type: 'text', text: 'held' })
    expect(reason).toMatchObject({ code: 'truncated' })
    expect(partialOf(reason)?.text).toBe('held')
  },
)

test.each(transports)('the reset is the failure, whatever the decoder throws then, over %s', async (_name, open) => {
  const { reason } = await broken(
    open,
    holding(() => {
      throw new TypeError('nothing is held')
    }),
  )
  expect(reason).toMatchObject({ code: 'truncated' })
})
