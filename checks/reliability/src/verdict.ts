/**
 * What is wrong with an answer: its end is missing, it repeats a part, or it contains something else. `undefined` is for an answer
 * equal to `whole`, character by character.
 */
export type Wrong = 'short' | 'doubled' | 'mixed'

/** The characters of earlier text that count as a repetition. */
const ENOUGH = 8

export function wrongWith(answer: string, whole: string): Wrong | undefined {
  if (answer === whole) return undefined
  if (whole.startsWith(answer)) return 'short'
  let same = 0
  while (same < answer.length && answer[same] === whole[same]) same++
  const strange = answer.slice(same, same + ENOUGH)
  return whole.slice(0, same).includes(strange) ? 'doubled' : 'mixed'
}
