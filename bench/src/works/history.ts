import type { Message, Transport } from '@rivulet/core'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import type { Work } from '../contender.ts'
import { answers, wordAt } from '../wire/answers.ts'

/** The cost of sending a long conversation: everything before the socket, and a one-word answer. */

const made = new Map<number, Message[]>()

function messagesOf(size: number): Message[] {
  const known = made.get(size)
  if (known !== undefined) return known
  const messages = Array.from({ length: size }, (_, index): Message => {
    const content = `${index}:${Array.from({ length: 40 }, (_, word) => wordAt(index + word)).join('')}`
    return { role: index % 2 === 0 ? 'user' : 'assistant', content }
  })
  made.set(size, messages)
  return messages
}

const ANSWER = Buffer.from(answers.openai.head + answers.openai.chunkAt(0) + answers.openai.tail(1))

let sent = ''

const transport: Transport = (request) => {
  sent = request.body ?? ''
  return Promise.resolve({
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: oneChunk(),
  })
}

async function* oneChunk(): AsyncGenerator<Uint8Array> {
  yield ANSWER
}

/** A checksum of the messages in the body, which may hold other fields. */
function proofOf(body: string): string {
  const { messages } = JSON.parse(body) as { messages: Message[] }
  return `${messages.length}: ${JSON.stringify(messages.map(({ role, content }) => [role, content])).length}`
}

const provider = openaiCompatible({ baseUrl: 'http://127.0.0.1', transport })

export const ours: Work = async ({ size, times }) => {
  for (let time = 0; time < times; time++) {
    let events = 0
    for await (const event of provider.stream({ model: 'gpt-4', messages: messagesOf(size) }))
      events += event.type.length
    if (events === 0) throw new Error('no answer')
  }
  return () => proofOf(sent)
}

export const floor: Work = async ({ size, times }) => {
  let body = ''
  for (let time = 0; time < times; time++) {
    body = JSON.stringify({ model: 'gpt-4', messages: messagesOf(size), stream: true })
  }
  return () => proofOf(body)
}
