/**
 * What is wrong with an answer that should be `whole`: its end is missing, it says something twice, or it is mixed with
 * something else. `undefined`: it is that answer, character by character.
 */
export type Wrong = 'short' | 'doubled' | 'mixed'

/** How much of what was said before makes a repetition. */
const ENOUGH = 8

export function wrongWith(answer: string, whole: string): Wrong | undefined {
  if (answer === whole) return undefined
  if (whole.startsWith(answer)) return 'short'
  let same = 0
  while (same < answer.length && answer[same] === whole[same]) same++
  const strange = answer.slice(same, same + ENOUGH)
  return whole.slice(0, same).includes(strange) ? 'doubled' : 'mixed'
}
