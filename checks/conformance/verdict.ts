/** The result of one conformance check. */
export interface Verdict {
  /** The source of the check: a package, or a vendor's description. */
  by: string
  /** The subject of the check: a scenario, a topic. */
  about: string
  isRight: boolean
  /** What was observed, or what is wrong, in a few words. */
  seen: string
  /** Printed below it, a line each. */
  notes?: readonly string[]
}

/** Runs a check: what `look` returns was observed, what it throws is wrong. */
export async function verdict(by: string, about: string, look: () => Promise<string> | string): Promise<Verdict> {
  try {
    return { by, about, isRight: true, seen: await look() }
  } catch (error) {
    return { by, about, isRight: false, seen: error instanceof Error ? error.message : String(error) }
  }
}

export const short = (text: string, limit = 60): string => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text)
