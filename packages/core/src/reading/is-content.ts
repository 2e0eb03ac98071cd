import type { ChatEvent } from '../chat.ts'

/** Whether an event is content. After the first one, a failure can no longer be hidden from the reader. */
export function isContent(event: ChatEvent): boolean {
  return event.type === 'text' || event.type === 'reasoning' || event.type === 'tool-call'
}
