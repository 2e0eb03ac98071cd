import { faultCatalogue } from './catalogue.ts'
import { type DialectId, dialectIds, dialects, isDialectId } from './dialects.ts'
import type { Fault } from './faults.ts'
import type { Recording, RecordedRequest } from './recording.ts'
import { RequestError } from './request-error.ts'
import type { RuntimeSettings } from './runtime-settings.ts'

/** The path of the endpoint that controls a running simulator. */
export const controlPath = '/_simulator'

interface ControlContext {
  readonly settings: RuntimeSettings
  readonly recording: Recording
  readonly baseUrl: (dialect: DialectId) => string
}

interface ControlReply {
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

/** Handles a request to the control endpoint. */
export function control(method: string, path: string, bodyText: string, state: ControlContext): ControlReply {
  const { settings, recording } = state
  const [area = '', name = '', ...rest] = path.slice(controlPath.length + 1).split('/')
  const ok = (body: unknown): ControlReply => ({ status: 200, body })
  switch (rest.length > 0 ? 'unknown' : `${method} ${area}${name === '' ? '' : '/'}`) {
    case 'GET ':
      return ok(stateOf(state))
    case 'GET requests':
      return ok(recording.requests.map(withoutSecrets))
    case 'DELETE requests':
      recording.clear()
      return ok({ requests: 0 })
    case 'PUT faults/':
      asBadRequest(() => {
        settings.setFault(known(name), json(bodyText))
      })
      return ok(faultOf(name, settings))
    case 'DELETE faults/':
      settings.setFault(known(name), undefined)
      return ok(faultOf(name, settings))
    case 'PUT variants/':
      asBadRequest(() => {
        settings.setVariant(known(name), text(json(bodyText)))
      })
      return ok({ variant: json(bodyText) })
    case 'DELETE variants/':
      settings.setVariant(known(name), undefined)
      return ok({ variant: null })
    default: {
      const message = `no such endpoint: ${method} ${path}; endpoints: ${usage.join(', ')}`
      throw new RequestError(404, 'not_found', message, { param: 'path' })
    }
  }
}

function stateOf({ settings, recording, baseUrl }: ControlContext): unknown {
  const state = dialectIds.filter(isDialectId).map((id) => ({
    id,
    name: dialects[id].name,
    baseUrl: baseUrl(id),
    models: dialects[id].models,
    fault: settings.fault(id) ?? null,
    variant: settings.variant(id) ?? null,
    requests: recording.requests.filter(({ dialect }) => dialect === id).length,
  }))
  return {
    dialects: state,
    requests: { kept: recording.requests.length, received: recording.count },
    faults: faultCatalogue,
    usage,
  }
}

function faultOf(name: string, settings: RuntimeSettings): { fault: Fault | null } {
  return { fault: settings.fault(known(name)) ?? null }
}

function known(name: string): DialectId {
  if (isDialectId(name)) return name
  throw new RequestError(404, 'not_found', `unknown dialect "${name}"; dialects: ${dialectIds.join(', ')}`, {
    param: 'path',
  })
}

function json(bodyText: string): unknown {
  try {
    return JSON.parse(bodyText)
  } catch {
    // Accept `curl -d truncate`, a bare kind without JSON quotes.
    return bodyText.trim()
  }
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw new TypeError(`A variant must be a string; got ${JSON.stringify(value)}`)
}

/** Turns a `TypeError` of the settings into a 400: here their caller is the HTTP client. */
function asBadRequest(change: () => void): void {
  try {
    change()
  } catch (error) {
    if (error instanceof TypeError) throw new RequestError(400, 'wrong_value', error.message, { param: 'body' })
    throw error
  }
}

const secret = /^(?:authorization|proxy-authorization|cookie|auth|key|api[-_]?key|.*-(?:auth-code|api-key))$/i

/** A recorded request for JSON output, without its secrets. */
function withoutSecrets({ done: _done, ...request }: RecordedRequest): unknown {
  return { ...request, headers: redacted(request.headers), query: redacted(request.query) }
}

function redacted(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, secret.test(name) ? '(hidden)' : value]),
  )
}
