import type { ChatEvent } from '@rivulet/core'

/** What the gateway says of an answer besides it, by the names of headers. */
export type Notes = Readonly<Record<string, string>>

/**
 * Who answers, and what became of the request.
 *
 * @param attempts How many members were asked.
 * @param left What the gateway has left out of the request.
 */
export function notesOf(
  { provider, model, dropped: lost = [] }: Extract<ChatEvent, { type: 'start' }>,
  attempts: number,
  left: readonly string[],
): Notes {
  const dropped = [...left, ...lost]
  return {
    'x-rivulet-provider': inHeader(provider),
    'x-rivulet-model': inHeader(model),
    'x-rivulet-attempts': String(attempts),
    ...(dropped.length > 0 && { 'x-rivulet-dropped': inHeader(dropped.join(', ')) }),
  }
}

/** Notes that come too late for a header. */
export const asComments = (notes: Notes): string =>
  Object.entries(notes)
    .map(([name, value]) => `: ${name}: ${value}\n\n`)
    .join('')

const MAX_LENGTH = 4_096

/** A header's value has no line break, and what is beyond ASCII is read in more than one way. */
const inHeader = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, MAX_LENGTH)
