import { type FaultDefinition, fault } from '../fault.ts'
import type { Wire } from '../wire.ts'

/** Faults of an endpoint that redirects its client. */
export const redirects = {
  'redirect-loop': fault({
    summary: 'redirects to the same URL, again and again',
    breaks: true,
    options: { status: [302, 301, 303, 307, 308] },
    apply: ({ wire, target }, { status }) => redirect(wire, status, target),
  }),
  'redirect-elsewhere': fault({
    summary: 'redirects to another origin',
    breaks: true,
    options: { status: [302, 301, 303, 307, 308], location: 'http://127.0.0.1:1/' },
    apply: ({ wire }, { status, location }) => redirect(wire, status, location),
  }),
} satisfies Readonly<Record<string, FaultDefinition>>

function redirect(wire: Wire, status: number, location: string): Promise<void> {
  return wire.send(status, { 'content-type': 'text/plain', location }, 'Moved\n')
}
