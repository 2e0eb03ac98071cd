import { ChatError, type ChatRequest, collect, runTools, tool, type Usage } from '@rivulet/core'
import type { SettingName } from '@rivulet/core/provider'
import type { Subject } from './subject.ts'

/** What a scenario gets. */
interface Asking extends Subject {
  /** Ends it. */
  signal: AbortSignal
  /** Called with the usage of each answer. */
  spend: (usage: Usage | undefined) => void
}

/** Its `run` returns what was observed, in a few words, and throws when that is wrong. */
export interface Scenario {
  /** The request field that the scenario needs. */
  needs?: SettingName
  run: (asking: Asking) => Promise<string>
}

/** The token limit of an answer: enough for a thought and a few words. */
const MAX_TOKENS = 1024

/** Five small things that every chat needs, in the order of the table. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  text: {
    async run(asking) {
      const result = await collect(stream(asking, 'Count to 5, in digits.'))
      asking.spend(result.usage)
      for (const digit of '12345') must(result.text.includes(digit), `no ${digit} in "${result.text}"`)
      return result.reason ?? ''
    },
  },
  tool: {
    needs: 'tools',
    async run(asking) {
      const asked: string[] = []
      const weather = tool<{ city: string }>({
        name: 'weather',
        description: 'The weather in a city.',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        run({ city }) {
          asked.push(city)
          return `It is 21 degrees in ${city}.`
        },
      })
      const request = requestOf(asking, 'How many degrees is it in Ulm? Call the weather tool, then say the number.')
      let text = ''
      const run = runTools(asking.provider, { request, tools: [weather], maxRounds: 4, signal: asking.signal })
      for await (const event of run) {
        if (event.type === 'text') text += event.text
        if (event.type === 'finish') asking.spend(event.usage)
      }
      must(asked.length > 0, 'the tool was not called')
      must(text.includes('21'), `the result is not in "${text}"`)
      return `weather(${asked.join(', ')})`
    },
  },
  schema: {
    needs: 'responseFormat',
    async run(asking) {
      const schema = {
        type: 'object',
        properties: { river: { type: 'string' }, countries: { type: 'array', items: { type: 'string' } } },
        required: ['river', 'countries'],
        additionalProperties: false,
      }
      const question = 'The Danube, and two countries that it flows through, as JSON: { "river": …, "countries": […] }.'
      try {
        return await json(asking, question, { name: 'river', schema })
      } catch (error) {
        // Some providers support JSON without a schema.
        if (!(error instanceof ChatError) || error.code !== 'unsupported') throw error
        return `${await json(asking, question, 'json')}, without a schema`
      }
    },
  },
  abort: {
    async run(asking) {
      const left = new AbortController()
      const reason = new Error('The reader cancelled.')
      const signal = AbortSignal.any([asking.signal, left.signal])
      let pieces = 0
      try {
        for await (const event of stream({ ...asking, signal }, 'Tell me about rivers, at length.')) {
          if (event.type !== 'text' && event.type !== 'reasoning') continue
          pieces++
          left.abort(reason)
        }
      } catch (error) {
        if (error === reason) return `after ${pieces} piece${pieces === 1 ? '' : 's'}`
        throw error
      }
      throw new Error(`the answer continued to its end, ${pieces} pieces`)
    },
  },
  error: {
    async run(asking) {
      try {
        await collect(stream({ ...asking, model: 'no-such-model' }, 'Hello'))
      } catch (error) {
        if (error instanceof ChatError) return error.code
        throw error
      }
      throw new Error('an unknown model answered')
    },
  },
}

/** The request, with a token limit where the provider supports one. */
function requestOf({ provider, model }: Subject, content: string): ChatRequest {
  const takes = (field: SettingName): boolean => provider.info.settings.some(({ name }) => name === field)
  return { model, messages: [{ role: 'user', content }], ...(takes('maxTokens') && { maxTokens: MAX_TOKENS }) }
}

const stream = (asking: Asking, content: string) =>
  asking.provider.stream(requestOf(asking, content), { signal: asking.signal })

async function json(
  asking: Asking,
  content: string,
  responseFormat: NonNullable<ChatRequest['responseFormat']>,
): Promise<string> {
  const request = { ...requestOf(asking, content), responseFormat }
  const { text, usage } = await collect(asking.provider.stream(request, { signal: asking.signal }))
  asking.spend(usage)
  const value: unknown = JSON.parse(text)
  must(typeof value === 'object' && value !== null, `not an object: ${text}`)
  if (typeof responseFormat === 'object')
    must('river' in value && 'countries' in value, `does not match the schema: ${text}`)
  return 'JSON'
}

function must(right: boolean, words: string): asserts right {
  if (!right) throw new Error(words)
}
