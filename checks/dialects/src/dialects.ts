/** The four dialects, each from both sides: a provider that speaks it, and the server of a client that does. */

import type { Provider, ProviderOptions } from '@rivulet/core'
import type { Protocol, ServerProtocol } from '@rivulet/core/provider'
import { messages, messagesServer } from '@rivulet/protocol-anthropic'
import { gemini, geminiServer } from '@rivulet/protocol-google'
import { chatCompletions, chatCompletionsServer, responses, responsesServer } from '@rivulet/protocol-openai'
import { anthropic } from '@rivulet/provider-anthropic'
import { google } from '@rivulet/provider-google'
import { openai } from '@rivulet/provider-openai'

export interface DialectSides {
  /** For people. */
  name: string
  /** Its name in the simulator. */
  simulated: 'openai' | 'openai-responses' | 'anthropic' | 'google'
  /** What a client of the dialect sends, when it can say all that the dialect has words for. */
  client: Protocol
  server: ServerProtocol
  /** The same, of a server that reaches several authors: it seals what they sign. */
  sealing: ServerProtocol
  /** The vendor's provider. */
  provider: (options: ProviderOptions & { apiKey: string }) => Provider
  /** A model of the vendor that reasons and reads images. */
  model: string
}

export const DIALECTS: readonly DialectSides[] = [
  {
    name: 'Chat completions',
    simulated: 'openai',
    client: chatCompletions({ includeUsage: true }),
    server: chatCompletionsServer(),
    sealing: chatCompletionsServer({ seal: true }),
    provider: openai,
    model: 'gpt-6.1-terra',
  },
  {
    name: 'Responses',
    simulated: 'openai-responses',
    client: responses({ origin: 'openai', thinks: () => true }),
    server: responsesServer(),
    sealing: responsesServer({ seal: true }),
    provider: (options) => openai({ ...options, api: 'responses' }),
    model: 'gpt-6.1-terra',
  },
  {
    name: 'Messages',
    simulated: 'anthropic',
    client: messages(),
    server: messagesServer(),
    sealing: messagesServer({ seal: true }),
    provider: anthropic,
    model: 'claude-sonnet-5-5',
  },
  {
    name: 'Gemini',
    simulated: 'google',
    client: gemini(),
    server: geminiServer(),
    sealing: geminiServer({ seal: true }),
    provider: google,
    model: 'gemini-4-argon',
  },
]
