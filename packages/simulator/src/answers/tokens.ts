import type { Random } from '../random.ts'

// A leading space belongs to the word after it, as in real vocabularies; emoji sequences and pairs of CJK
// characters stay together; the last alternative matches any other character, so that nothing is lost.
const pieces =
  / ?\p{RGI_Emoji}| ?[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{1,2}| ?[\p{L}\p{M}]+| ?\p{N}{1,3}|\n+| +| ?[^\s\p{L}\p{N}]|./gsv

/** Splits a text into pieces of a plausible token size; joined, they are the text. Long words are split. */
export function tokensOf(text: string, random: Random): string[] {
  const tokens: string[] = []
  for (const [piece] of text.matchAll(pieces)) {
    if (piece.length <= 7 || !/^ ?\p{L}/v.test(piece) || /\p{RGI_Emoji}/v.test(piece)) tokens.push(piece)
    else tokens.push(...inPieces(piece, random))
  }
  return tokens
}

export function tokenCount(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4)
}

function inPieces(word: string, random: Random): string[] {
  const letters = Array.from(word)
  const parts: string[] = []
  while (letters.length > 0) {
    const size = letters.length <= 7 ? letters.length : 4 + random.below(4)
    parts.push(letters.splice(0, size).join(''))
  }
  return parts
}
