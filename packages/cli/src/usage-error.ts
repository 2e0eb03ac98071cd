/** The command line or the configuration is wrong. The message says what was expected, in a line for each mistake. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
