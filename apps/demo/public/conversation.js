/**
 * @typedef {{ question: string, answer: string, settled: boolean }} Turn `settled`: the answer may be built on
 * @typedef {import('./api.js').Message} Message
 */

/**
 * What is sent to ask the last turn: all that was said, without questions that were never answered.
 *
 * @param {readonly Turn[]} turns
 * @returns {Message[]}
 */
export function messagesOf(turns) {
  return turns.flatMap(({ question, answer, settled }, index) => {
    /** @type {Message} */
    const asked = { role: 'user', content: question }
    if (index === turns.length - 1) return [asked]
    return settled && answer !== '' ? [asked, { role: 'assistant', content: answer }] : []
  })
}
