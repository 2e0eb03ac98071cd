/**
 * @typedef {import('@rivulet/core').Message} Message
 * @typedef {{ text: string, images: string[] }} Question Images are `data:` URLs
 * @typedef {{ provider?: string, model: string }} Choice
 * @typedef {{ code: string, message: string, retryAfterMs?: number, attempts?: { provider?: string, message: string }[] }} Failure
 * @typedef {{
 *   choice: Choice,
 *   state: 'streaming' | 'complete' | 'stopped' | 'failed' | 'interrupted',
 *   messages: Message[],
 *   facts: string[],
 *   failure?: Failure,
 *   cut?: boolean,
 * }} KeptAnswer `interrupted`: the page was closed while it came; `cut`: it reached the limit of its length
 * @typedef {{ conversation: string, index: number, question: Question, answers: KeptAnswer[] }} Turn
 * @typedef {{ system: string, temperature?: number, topP?: number, maxTokens?: number, tools: boolean }} Settings
 * @typedef {{
 *   id: string,
 *   title: string,
 *   createdMs: number,
 *   changedMs: number,
 *   settings: Settings,
 *   waiting: Question[],
 * }} Conversation `waiting`: questions that were asked while an answer ran
 */

/** @type {Settings} */
export const NO_SETTINGS = { system: '', tools: false }

/**
 * @param {Settings} settings
 * @returns {Conversation}
 */
export function newConversation(settings) {
  const now = Date.now()
  return { id: crypto.randomUUID(), title: '', createdMs: now, changedMs: now, settings, waiting: [] }
}

const MAX_TITLE = 60

/**
 * A title for a conversation: the beginning of its first question.
 *
 * @param {Question} question
 */
export function titleOf({ text, images }) {
  const line = text.trim().split(/\s*\n/, 1)[0] ?? ''
  const words = line.length > MAX_TITLE ? `${line.slice(0, MAX_TITLE).replace(/\s+\S*$/, '')}…` : line
  return words || (images.length === 1 ? 'An image' : 'Images')
}

/**
 * The messages for the last turn, in one of the columns: the conversation so far without unanswered questions.
 *
 * @param {readonly Turn[]} turns
 * @param {{ system?: string, column?: number }} [options]
 * @returns {Message[]}
 */
export function messagesFor(turns, { system = '', column = 0 } = {}) {
  const messages = turns.flatMap(({ question, answers }, index) => {
    const asked = messageOf(question)
    if (index === turns.length - 1) return [asked]
    // A question with one answer has it in both columns.
    const answer = answers[column] ?? answers[0]
    return answer && isAnswered(answer) ? [asked, ...answer.messages] : []
  })
  return system.trim() === '' ? messages : [{ role: 'system', content: system.trim() }, ...messages]
}

/** @param {KeptAnswer} answer */
const isAnswered = ({ state, messages }) => state !== 'failed' && messages.at(-1)?.role === 'assistant'

/**
 * @param {Question} question
 * @returns {Message}
 */
function messageOf({ text, images }) {
  if (images.length === 0) return { role: 'user', content: text }
  const parts = images.map((url) => /** @type {const} */ ({ type: 'image', url }))
  return { role: 'user', content: text === '' ? parts : [...parts, { type: 'text', text }] }
}
