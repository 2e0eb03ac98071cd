/**
 * @typedef {{ question: string, answer: string, answered: boolean }} Turn `answered`: the answer becomes part of the conversation
 * @typedef {import('./api.js').Message} Message
 */

/**
 * The messages for the last turn: the conversation so far without unanswered questions.
 *
 * @param {readonly Turn[]} turns
 * @returns {Message[]}
 */
export function messagesOf(turns) {
  return turns.flatMap(({ question, answer, answered }, index) => {
    /** @type {Message} */
    const userMessage = { role: 'user', content: question }
    if (index === turns.length - 1) return [userMessage]
    return answered && answer !== '' ? [userMessage, { role: 'assistant', content: answer }] : []
  })
}
