import { simulator } from '@rivulet/simulator'
import { type Verdict, verdict } from '../verdict.ts'
import { openaiResponses } from './openai-responses.ts'

/** The vendors' clients talk to our server halves, and those to our simulator, in its own dialect and in others. */
export async function* servers(): AsyncGenerator<Verdict> {
  await using sim = await simulator()
  for (const [name, scenario] of Object.entries(openaiResponses)) {
    yield await verdict('openai, responses', name, () => scenario(sim))
    sim.clear()
  }
}
