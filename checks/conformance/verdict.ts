/** What a judge says of one thing. */
export interface Verdict {
  /** Who judges: a package, or the description of a vendor. */
  judge: string
  /** What was looked at. */
  about: string
  isRight: boolean
  /** What was seen, or what is wrong, in a few words. */
  seen: string
}

/** Looks, and says what came of it: what `look` returns is what was seen, what it throws is wrong. */
export async function verdict(judge: string, about: string, look: () => Promise<string> | string): Promise<Verdict> {
  try {
    return { judge, about, isRight: true, seen: await look() }
  } catch (error) {
    return { judge, about, isRight: false, seen: error instanceof Error ? error.message : String(error) }
  }
}

export const short = (text: string, limit = 60): string => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text)
