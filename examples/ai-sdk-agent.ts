/** An agent of the AI SDK on a failover: its loop and its tools stay as they are, and only the model is another. */
import { asLanguageModel } from '@rivulet/ai-sdk'
import { pipe, type Provider, withModel } from '@rivulet/core'
import { failover } from '@rivulet/router'
import { isStepCount, tool, ToolLoopAgent, type ToolSet } from 'ai'
import { z } from 'zod'

const tools: ToolSet = {
  weather: tool({
    description: 'The weather in a city',
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => `${city}: 21 °C`,
  }),
}

/** @param members Providers with the model that each is asked for, in their order. */
export function weatherAgent(
  members: readonly (readonly [provider: Provider, model: string])[],
): ToolLoopAgent<never, ToolSet> {
  const river = failover(members.map(([provider, model]) => pipe(provider, withModel(model))))
  return new ToolLoopAgent<never, ToolSet>({
    // Each member has its own name for the model; this one is for logs.
    model: asLanguageModel(river, 'best'),
    instructions: 'Answer in one sentence.',
    tools,
    stopWhen: isStepCount(5),
  })
}
