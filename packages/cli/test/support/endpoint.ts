import { type Simulator, simulator } from '@rivulet/simulator'
import { onTestFinished } from 'vitest'

/** A simulator, and the environment in which it is OpenAI. */
export async function openaiEndpoint(): Promise<{ sim: Simulator; env: Record<string, string> }> {
  const sim = await simulator()
  onTestFinished(() => sim.close())
  return { sim, env: { OPENAI_API_KEY: 'a-key', OPENAI_BASE_URL: sim.baseUrl('openai') } }
}
