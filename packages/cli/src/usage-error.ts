/** The command line or the configuration is wrong. The message says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
