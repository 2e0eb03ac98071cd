/** Refuses an object of the caller's that lacks one of its functions; `undefined` was not given. @throws TypeError naming it. */
export function checkMethods(what: string, value: object | undefined, names: readonly string[]): void {
  if (value === undefined) return
  // Callers without TypeScript may pass anything; the functions of a class are on its prototype.
  const given = value as Readonly<Record<string, unknown>> | null
  const missing = names.find((name) => typeof given?.[name] !== 'function')
  if (missing === undefined) return
  throw new TypeError(
    `${what} must have the functions ${names.map((name) => `${name}()`).join(', ')}: ${missing}() is missing.`,
  )
}
