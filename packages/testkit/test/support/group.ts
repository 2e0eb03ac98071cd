import { ChatError, type ChatEvent, type Provider } from '@rivulet/core'
import { batchesOf, chatStream, isContent } from '@rivulet/core/provider'

/** Mistakes that the group can make; without one, it is right. */
export type GroupMistake =
  | 'asks no other member'
  | 'asks the next member after any error'
  | 'asks the next member after content'
  | 'passes foreign streams on'

/** A group in a few lines: asks the members in turn, until one gives content. */
export function group(members: readonly Provider[], mistake?: GroupMistake): Provider {
  const [first] = members
  if (first === undefined) throw new TypeError('group: no member')
  const stream: Provider['stream'] = (request, call) =>
    inTurn(
      members.map((member) => () => {
        const answer = member.stream(request, call)
        return mistake === 'passes foreign streams on' ? answer : chatStream(call?.signal, () => batchesOf(answer))
      }),
    )
  return { ...first, stream }

  async function* inTurn(streams: (() => AsyncIterable<ChatEvent>)[]): AsyncGenerator<ChatEvent> {
    const attempts: ChatError[] = []
    for (const open of streams) {
      let held: ChatEvent[] | undefined = []
      try {
        for await (const event of open()) {
          if (held !== undefined && event.type === 'finish') throw new ChatError('malformed', 'the answer is empty')
          if (isContent(event)) {
            yield* held ?? []
            held = undefined
          }
          if (held === undefined) yield event
          else held.push(event)
        }
        return
      } catch (error) {
        if (!(error instanceof ChatError)) throw error
        if (held === undefined && mistake !== 'asks the next member after content') throw error
        if (mistake === 'asks no other member') throw error
        const isRedirect = error.status !== undefined && error.status < 400
        if (error.code === 'bad-request' && !isRedirect && mistake !== 'asks the next member after any error')
          throw error
        attempts.push(error)
      }
    }
    throw new ChatError('exhausted', 'no member answered', { attempts })
  }
}
