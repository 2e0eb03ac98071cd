import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import type { LanguageModelV4 } from '@ai-sdk/provider'
import { fromLanguageModel } from '@rivulet/ai-sdk'
import type { ProviderOptions } from '@rivulet/core'
import { fetchTransport } from '@rivulet/core/fetch'
import { laws, prove, type Subject } from '@rivulet/testkit'
import { describe, expect, it } from 'vitest'
import { subject as anthropicSubject } from '../../provider-anthropic/test/subject.ts'
import { subject as googleSubject } from '../../provider-google/test/subject.ts'
import { subject as openaiSubject } from '../../provider-openai/test/subject.ts'

const apiKey = 'a-secret-key'

/** The AI SDK's own provider in place of ours, with the same bytes. */
function theirs(
  subject: Subject,
  modelAt: (settings: { apiKey: string; baseURL?: string }) => LanguageModelV4,
): Subject {
  return {
    ...subject,
    secrets: [apiKey],
    provider: ({ baseUrl, deadlines: limits }: ProviderOptions) => {
      const model = modelAt({ apiKey, ...(baseUrl !== undefined && { baseURL: baseUrl }) })
      return fromLanguageModel(model, { deadlines: limits })
    },
  }
}

const subjects: readonly Subject[] = [
  theirs(openaiSubject, (settings) => createOpenAI(settings).chat('gpt-6.1-terra')),
  theirs(anthropicSubject, (settings) => createAnthropic(settings)('claude-opus-5-5')),
  theirs(googleSubject, (settings) => createGoogle(settings)('gemini-3.8-flash')),
]

/**
 * The laws about what is done with a model's parts, errors and signals. How bytes are read, and by whose connections, is the AI
 * SDK's own: it follows redirects, for one, and gives up an answer for a line that is not JSON. Two ways of breaking off are tried of
 * four: only the connection differs.
 */
const OURS = [
  'an answer begins with one start and ends with one finish',
  'an answer is decoded to its text, its reasoning and its tool calls',
  'a tool call whose arguments break off is truncated',
  'an answer that breaks off is never a short success: the connection closes',
  'an answer that breaks off is never a short success: the connection is reset',
  'a finish reason and a clean end are a normal end, even without [DONE]',
  'a failure to connect is a network error with its cause',
  'a connection that ends before the response head is a network error, and the request is sent once',
  'a request that is never answered is a timeout at its deadline, and the connection is closed',
  'content and then silence is a timeout at its deadline, the connection is closed, and the error keeps the content',
  'an HTTP error has the code that its status means, and the request is sent once',
  'Retry-After becomes retryAfterMs, however it is written',
  'an error after content becomes the error that it describes, and keeps the content',
  "an abort rejects with the caller's own reason and closes the connection: before dispatch",
  "an abort rejects with the caller's own reason and closes the connection: while connecting",
  "an abort rejects with the caller's own reason and closes the connection: before the response head",
  "an abort rejects with the caller's own reason and closes the connection: before the first token",
  "an abort rejects with the caller's own reason and closes the connection: in the middle of the answer, with events ready",
  "an abort rejects with the caller's own reason and closes the connection: in the middle of the answer, while waiting for more",
  "an abort rejects with the caller's own reason and closes the connection: after the end",
  'a reader that leaves closes the connection: break',
  'a reader that leaves closes the connection: return',
  'a reader that leaves closes the connection: throw',
  'a reader that leaves closes the connection: return() while a read is pending',
  'a request is never mutated: a frozen one is answered too',
  'equal requests are equal bytes',
  'nothing is sent before the first read',
  'one call is one request',
  "the caller's mistake in a request is a TypeError at once, and nothing is sent",
]

describe.each(subjects)('$name of the AI SDK', (subject) => {
  // It makes the ids of Gemini's calls itself.
  const ours = subject.name === 'Google' ? OURS.filter((name) => !name.includes('its tool calls')) : OURS
  it.each(ours)('%s', async (name) => {
    const chosen = laws.filter((law) => law.name === name)
    expect(chosen).toHaveLength(1)
    const transports = { fetch: () => fetchTransport() }
    const proving = prove(subject, { laws: chosen, transports, forms: ['streamed'], thorough: false })
    const proofs = await Array.fromAsync(proving)
    expect(proofs.filter(({ ok }) => ok === false)).toEqual([])
  })
})
