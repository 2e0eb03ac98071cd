import { toMessage } from '@rivulet/core'
import { Collector } from '@rivulet/core/provider'

/**
 * @typedef {import('@rivulet/core').Message} Message
 * @typedef {import('@rivulet/core').ToolRunEvent} AnswerEvent
 * @typedef {Extract<AnswerEvent, { type: 'tool-result' }>} ToolResult
 */

/** What an answer is made of: its turns in the conversation, from the events as they come. */
export class AnswerRecord {
  /** @type {{ collector: Collector, results: ToolResult[] }[]} */
  #rounds = []

  /** @param {AnswerEvent} event */
  add(event) {
    const last = this.#rounds.at(-1)
    if (event.type === 'tool-result') {
      last?.results.push(event)
      return
    }
    const round = last && last.results.length === 0 ? last : { collector: new Collector(), results: [] }
    if (round !== last) this.#rounds.push(round)
    round.collector.add(event)
  }

  /**
   * The turns so far, as they are kept and sent with the next question.
   *
   * @returns {Message[]}
   */
  get messages() {
    return this.#rounds.flatMap(({ collector, results }) => {
      const answer = collector.result()
      // A call without its result would be refused by every endpoint; signed reasoning belongs to the calls that follow it.
      const isWhole = answer.toolCalls.every(({ id }) => results.some((result) => result.id === id))
      const content = isWhole ? answer.content : answer.content.filter(({ type }) => type === 'text')
      if (content.length === 0) return []
      const answered = isWhole ? results : []
      return [toMessage({ ...answer, content }), ...answered.map(messageOf)]
    })
  }
}

/**
 * @param {ToolResult} result
 * @returns {Message}
 */
const messageOf = ({ id, content, isError }) => ({
  role: 'tool',
  toolCallId: id,
  content,
  ...(isError && { isError }),
})

/**
 * The events that such turns could have come from: what draws an answer as it comes draws a kept one too.
 *
 * @param {readonly Message[]} messages
 * @returns {AnswerEvent[]}
 */
export function eventsOf(messages) {
  return messages.flatMap((message) => {
    if (message.role === 'tool') {
      const { toolCallId: id, content, isError = false } = message
      return [{ type: 'tool-result', id, name: '', content, isError }]
    }
    if (typeof message.content === 'string') return [{ type: 'text', text: message.content }]
    return message.content.flatMap((part) => eventsOfPart(part))
  })
}

/**
 * @param {import('@rivulet/core').Part} part
 * @returns {AnswerEvent[]}
 */
function eventsOfPart(part) {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return [{ type: part.type, text: part.text }]
    case 'tool-call': {
      const { id, name, input } = part
      return [
        { type: 'tool-call', id, name },
        { type: 'tool-input', id, text: input },
      ]
    }
    default:
      return []
  }
}
