/** The endpoints for operators: health and metrics. */

import { type Call, commonHeaders, sendJson } from '../call.ts'
import { sendWhole } from '../exchange.ts'
import type { Settings } from '../options.ts'
import { Refused } from '../request/refused.ts'

/** `GET /health/live`: the process answers. */
export function answerLive(call: Call): void {
  sendJson(call, { status: 'live' })
}

/** `GET /health/ready`: the server takes new requests, and can answer them. */
export async function answerReady(call: Call): Promise<void> {
  const { isDraining, state } = call
  if (isDraining) sendJson(call, { status: 'draining' }, 503)
  else if (await isReady(state.settings)) sendJson(call, { status: 'ready' })
  else sendJson(call, { status: 'no member can be asked' }, 503)
}

/** A probe waits for a second. */
const READY_MS = 500

/** A check that fails, or takes too long, says nothing about the members. */
async function isReady({ ready, clock }: Settings): Promise<boolean> {
  let cancel: (() => void) | undefined
  const late = new Promise<boolean>((resolve) => {
    cancel = clock.after(READY_MS, () => {
      resolve(true)
    })
  })
  try {
    return await Promise.race([ready(), late])
  } catch {
    return true
  } finally {
    cancel?.()
  }
}

/** `GET /metrics`: the pages of all observers. @throws Refused 404 where no observer has one. */
export async function answerMetrics(call: Call): Promise<void> {
  const pages = await Promise.all(call.state.settings.observers.flatMap((each) => each.page?.() ?? []))
  const [first] = pages
  if (first === undefined)
    throw new Refused(404, 'there are no metrics here: give the gateway metrics() as an observer')
  const headers = { ...commonHeaders(call), 'content-type': first.contentType }
  sendWhole(call.exchange, { status: 200, headers, body: pages.map(({ text }) => text).join('\n') })
}
