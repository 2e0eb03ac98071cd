import {
  type AttemptReport,
  type CallOptions,
  type ChatEvent,
  type ChatRequest,
  ChatError,
  type Provider,
} from '@rivulet/core'
import { REQUEST } from './members.ts'

/** One call, read in the background, so that a test may let time pass meanwhile. */
export interface Called {
  events: ChatEvent[]
  text: string
  error: unknown
  reports: AttemptReport[]
  /** The providers that began to answer, in order. */
  starts: string[]
}

export function call(provider: Provider, request: ChatRequest = REQUEST, options: CallOptions = {}): Called {
  const called: Called = { events: [], text: '', error: undefined, reports: [], starts: [] }
  const onAttempt = (report: AttemptReport): void => void called.reports.push(report)
  const read = async (): Promise<void> => {
    for await (const event of provider.stream(request, { onAttempt, ...options })) {
      called.events.push(event)
      if (event.type === 'text') called.text += event.text
      if (event.type === 'restart') called.text = ''
      if (event.type === 'start') called.starts.push(event.provider)
    }
  }
  void read().catch((error: unknown) => {
    called.error = error
  })
  return called
}

/** The code of the error that the call threw. */
export const codeOf = ({ error }: Called): string | undefined => (error instanceof ChatError ? error.code : undefined)
