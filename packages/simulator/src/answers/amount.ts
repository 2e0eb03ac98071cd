const numerals = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')

/** A number as a word: `three`; above twelve in digits. */
export const inWords = (amount: number): string => numerals[amount] ?? String(amount)

/** The number that these words are: `12`, `twelve`. */
export function numberOf(words: string): number | undefined {
  if (/^\d{1,6}$/.test(words)) return Number(words)
  const at = numerals.indexOf(words.toLowerCase())
  return at === -1 ? undefined : at
}

/** How many things a prompt asks for: `a list of seven ideas`, `a table of 3 rivers`. */
export function amountIn(prompt: string): number | undefined {
  const digits = /(?<!\S)\d{1,2}(?=[\s.,;:?!]|$)/u.exec(prompt)?.[0]
  if (digits !== undefined) return Number(digits)
  const amount = numerals.findIndex((numeral) => new RegExp(`\\b${numeral}\\b`, 'iu').test(prompt))
  return amount > 0 ? amount : undefined
}
