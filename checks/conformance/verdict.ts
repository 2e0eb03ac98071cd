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

/** No check takes a tenth of it, all schemas of a vendor included. */
const LIMIT_MS = 60_000

/** Runs a check: what `look` returns was observed, what it throws is wrong, and so is one that does not end. */
export async function verdict(by: string, about: string, look: () => Promise<string> | string): Promise<Verdict> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(new Error(`no end in ${LIMIT_MS / 1000} s`))
  }, LIMIT_MS)
  try {
    return { by, about, isRight: true, seen: await Promise.race([look(), late.promise]) }
  } catch (error) {
    return { by, about, isRight: false, seen: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}

export const short = (text: string, limit = 60): string => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text)
