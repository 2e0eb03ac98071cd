import type { Random } from '../random.ts'

/** Splits a text into pieces of a plausible token size; joined, they are the text. Long words are split. */
export function tokensOf(text: string, random: Random): string[] {
  const tokens: string[] = []
  // A leading space belongs to the word after it, as in real vocabularies; emoji sequences and pairs of CJK
  // characters stay together; the last alternative matches any other character, so that nothing is lost.
  // Here and not in the module: to read such an expression takes 30 ms, and many processes that load a simulator answer nothing.
  const pieces =
    / ?\p{RGI_Emoji}| ?[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{1,2}| ?[\p{L}\p{M}]+| ?\p{N}{1,3}|\n+| +| ?[^\s\p{L}\p{N}]|./gsv
  for (const [piece] of text.matchAll(pieces)) {
    if (piece.length <= 7 || !/^ ?\p{L}/v.test(piece) || /\p{RGI_Emoji}/v.test(piece)) tokens.push(piece)
    else for (const part of inPieces(piece, random)) tokens.push(part)
  }
  return tokens
}

export function tokenCount(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4)
}

function inPieces(word: string, random: Random): string[] {
  const letters = Array.from(word)
  const parts: string[] = []
  for (let at = 0; at < letters.length;) {
    const left = letters.length - at
    const size = left <= 7 ? left : 4 + random.below(4)
    parts.push(letters.slice(at, at + size).join(''))
    at += size
  }
  return parts
}
