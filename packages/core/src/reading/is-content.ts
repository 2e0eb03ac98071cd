import type { AnyEvent } from './collector.ts'

/** Whether an event is content. After the first one, a failure can no longer be hidden from the reader. */
export function isContent(event: AnyEvent): boolean {
  return event.type === 'text' || event.type === 'reasoning' || event.type === 'tool-call'
}
