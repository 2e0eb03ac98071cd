import { type ChatEvent, collect, textOf } from '@rivulet/core'

/** The ways in which a caller reads an answer. */
export type Manner = 'events' | 'collect' | 'texts'

/** The final text of an answer, as its reader has it. */
export async function read(stream: AsyncIterable<ChatEvent>, manner: Manner): Promise<string> {
  switch (manner) {
    case 'events':
      return byEvents(stream)
    case 'collect':
      return (await collect(stream)).text
    case 'texts':
      return (await Array.fromAsync(textOf(stream))).join('')
  }
}

/** Reads by events, and checks the laws of events. */
async function byEvents(stream: AsyncIterable<ChatEvent>): Promise<string> {
  let text = ''
  /** Whether a new answer has been announced. */
  let mayStart = true
  let finished = false
  for await (const event of stream) {
    if (finished) throw new Error(`a ${event.type} came after the finish`)
    if (event.type === 'text') text += event.text
    else if (event.type === 'restart') text = ''
    else if (event.type === 'finish') finished = true
    if (event.type === 'start') {
      if (!mayStart) throw new Error(`${event.provider} started an answer without a restart or resume`)
      mayStart = false
    } else if (event.type === 'restart' || event.type === 'resume') mayStart = true
    else if (mayStart) throw new Error(`a ${event.type} came before its start`)
  }
  if (!finished) throw new Error('the answer ended without a finish')
  return text
}
