import { faultCatalogue } from './catalogue.ts'
import { type DialectId, dialectIds, dialects, isDialectId } from './dialects.ts'
import type { Fault } from './faults.ts'
import type { Recording, RecordedRequest } from './recording.ts'
import { Refusal } from './refusal.ts'
import type { Switches } from './switches.ts'

/** The path of the endpoint that steers a running simulator. */
export const controlPath = '/_simulator'

interface Controlled {
  readonly switches: Switches
  readonly recording: Recording
  readonly baseUrl: (dialect: DialectId) => string
}

interface Controls {
  readonly status: number
  readonly body: unknown
}

const usage = [
  `GET ${controlPath}`,
  `PUT ${controlPath}/faults/<dialect>`,
  `DELETE ${controlPath}/faults/<dialect>`,
  `PUT ${controlPath}/variants/<dialect>`,
  `DELETE ${controlPath}/variants/<dialect>`,
  `GET ${controlPath}/requests`,
  `DELETE ${controlPath}/requests`,
]

/** Does what a request to the control endpoint asks for. */
export function control(method: string, path: string, bodyText: string, stage: Controlled): Controls {
  const { switches, recording } = stage
  const [area = '', name = '', ...rest] = path.slice(controlPath.length + 1).split('/')
  const ok = (body: unknown): Controls => ({ status: 200, body })
  switch (rest.length > 0 ? 'unknown' : `${method} ${area}${name === '' ? '' : '/'}`) {
    case 'GET ':
      return ok(stateOf(stage))
    case 'GET requests':
      return ok(recording.requests.map(shown))
    case 'DELETE requests':
      recording.clear()
      return ok({ requests: 0 })
    case 'PUT faults/':
      asked(() => {
        switches.setFault(known(name), json(bodyText))
      })
      return ok(faultOf(name, switches))
    case 'DELETE faults/':
      switches.setFault(known(name), undefined)
      return ok(faultOf(name, switches))
    case 'PUT variants/':
      asked(() => {
        switches.setVariant(known(name), text(json(bodyText)))
      })
      return ok({ variant: json(bodyText) })
    case 'DELETE variants/':
      switches.setVariant(known(name), undefined)
      return ok({ variant: null })
    default: {
      const message = `${method} ${path} is not known; there are: ${usage.join(', ')}`
      throw new Refusal(404, 'not_found', message, { param: 'path' })
    }
  }
}

function stateOf({ switches, recording, baseUrl }: Controlled): unknown {
  const state = dialectIds.filter(isDialectId).map((id) => ({
    id,
    name: dialects[id].name,
    baseUrl: baseUrl(id),
    models: dialects[id].models,
    fault: switches.fault(id) ?? null,
    variant: switches.variant(id) ?? null,
    requests: recording.requests.filter(({ dialect }) => dialect === id).length,
  }))
  return {
    dialects: state,
    requests: { kept: recording.requests.length, received: recording.count },
    faults: faultCatalogue,
    usage,
  }
}

function faultOf(name: string, switches: Switches): { fault: Fault | null } {
  return { fault: switches.fault(known(name)) ?? null }
}

function known(name: string): DialectId {
  if (isDialectId(name)) return name
  throw new Refusal(404, 'not_found', `there is no dialect "${name}"; there are: ${dialectIds.join(', ')}`, {
    param: 'path',
  })
}

function json(bodyText: string): unknown {
  try {
    return JSON.parse(bodyText)
  } catch {
    // `curl -d truncate` is meant well.
    return bodyText.trim()
  }
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw new TypeError(`A variant is a string; got ${JSON.stringify(value)}`)
}

/** The switches' `TypeError`s are for their caller, who is at the other end of the wire here. */
function asked(change: () => void): void {
  try {
    change()
  } catch (error) {
    if (error instanceof TypeError) throw new Refusal(400, 'wrong_value', error.message, { param: 'body' })
    throw error
  }
}

const secret = /^(?:authorization|proxy-authorization|cookie|auth|key|api[-_]?key|.*-(?:auth-code|api-key))$/i

/** A request as JSON shows it: its secrets stay in the process that received them. */
function shown({ done: _done, ...request }: RecordedRequest): unknown {
  return { ...request, headers: hidden(request.headers), query: hidden(request.query) }
}

function hidden(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, secret.test(name) ? '(hidden)' : value]),
  )
}
