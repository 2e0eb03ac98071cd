import type { AnyEvent } from './collector.ts'

/** Whether an event is content. After the first one, a failure can no longer be hidden from the reader. */
export function isContent({ type }: AnyEvent): boolean {
  return type === 'text' || type === 'reasoning' || type === 'tool-call' || type === 'native'
}
