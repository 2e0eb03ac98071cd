/** What the samples of the README and the guides get for `rivulet`: the factories ask the base URLs of the environment, a simulator's. */
import * as rivulet from 'rivulet'

// Those below take precedence.
export * from 'rivulet'

const at =
  <Options extends object, T>(name: string, factory: (options: Options & { baseUrl?: string }) => T) =>
  (options: Options): T => {
    const baseUrl = process.env[`${name.toUpperCase()}_BASE_URL`]
    if (baseUrl === undefined) throw new Error(`${name} would ask its real endpoint`)
    return factory({ baseUrl, ...options })
  }

export const openai = at('openai', rivulet.openai)
export const anthropic = at('anthropic', rivulet.anthropic)
export const google = at('google', rivulet.google)
export const lockchat = at('lockchat', rivulet.lockchat)
export const liaobots = at('liaobots', rivulet.liaobots)
export const gravityengine = at('gravityengine', rivulet.gravityengine)
