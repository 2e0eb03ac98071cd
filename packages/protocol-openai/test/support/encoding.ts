import type { Message } from '@rivulet/core'
import { Dropped } from '@rivulet/core/provider'
import { encodeMessages, type Sending, type Wire } from '../../src/client/encode-message.ts'
import type { ChatQuirks } from '../../src/index.ts'

const sendingTo = (quirks: ChatQuirks): Sending => ({
  model: 'gpt-4',
  quirks,
  prefix: quirks.prefix === true ? 'prefix' : undefined,
  dropped: new Dropped(),
  marks: [],
})

/** The messages as they go to an endpoint with these quirks. */
export const sentMessages = (messages: readonly Message[], quirks: ChatQuirks = {}): Wire[] =>
  encodeMessages(messages, sendingTo(quirks))
