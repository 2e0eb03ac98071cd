/** Several endpoints that may fail, asked in order. */
import { describeProvider, gravityengine, liaobots, lockchat, rivulet } from 'rivulet'

const { LOCKCHAT_BASE_URL, LIAOBOTS_BASE_URL, LIAOBOTS_AUTH, GRAVITYENGINE_BASE_URL } = process.env

const river = rivulet({
  providers: [
    lockchat({ baseUrl: LOCKCHAT_BASE_URL }),
    liaobots({ baseUrl: LIAOBOTS_BASE_URL, auth: LIAOBOTS_AUTH }),
    gravityengine({ baseUrl: GRAVITYENGINE_BASE_URL }),
  ],
  aliases: { any: ['gpt-4', 'gpt-3.5-turbo', 'gpt-3.5-turbo-16k'] },
})

for (const provider of river.providers) console.log(describeProvider(provider))

const { text, provider } = await river.complete({ model: 'any', messages: [{ role: 'user', content: 'Hello' }] })
console.log(`${provider}: ${text}`)
