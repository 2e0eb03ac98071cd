/** A part of a program: what is tested is what it does with a provider. */
import { chat, type Provider } from '@rivulet/core'

export async function summarize(provider: Provider, text: string): Promise<string> {
  const answer = await chat(provider, { model: 'gpt-6.1-terra' }).complete({
    messages: [
      { role: 'system', content: 'Summarize in one sentence.' },
      { role: 'user', content: text },
    ],
  })
  return answer.reason === 'length' ? `${answer.text}…` : answer.text
}
