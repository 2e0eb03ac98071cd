/** The other end of a route, in the page: a conversation, drawn as it grows. */
import { chat, type Message, remote, type Snapshot, toMessage } from '@rivulet/core'

/** @param url The route, as `'/api/chat'`. `draw` replaces what it drew before: an answer that breaks is asked for again unseen. */
export function conversation(url: string, draw: (answer: Snapshot) => void) {
  const { snapshots } = chat(remote(url))
  const messages: Message[] = []
  return async function ask(question: string, signal?: AbortSignal): Promise<void> {
    const asked: Message[] = [...messages, { role: 'user', content: question }]
    for await (const answer of snapshots({ messages: asked }, { signal })) {
      draw(answer)
      // Only a whole answer has a reason, and only a whole one is remembered.
      if (answer.reason !== undefined) messages.push(...asked.slice(messages.length), toMessage(answer))
    }
  }
}
