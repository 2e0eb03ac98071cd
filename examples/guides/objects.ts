/** An answer that is an object of a schema's type; then the same while it is being written. */
import { rivulet } from 'rivulet'
import { z } from 'zod'

const river = rivulet.fromEnv()

const Recipe = z.object({
  name: z.string(),
  minutes: z.number().int(),
  steps: z.array(z.string()),
})

const { object } = await river.object('A recipe for pancakes.', { schema: Recipe, repairs: 1 })
console.log(`${object.name}: ${object.steps.length} steps, ${object.minutes} minutes`)

for await (const { object: soFar } of river.snapshots('A recipe for soup.', { schema: Recipe })) {
  console.log(`${soFar?.name ?? '…'}: ${soFar?.steps?.length ?? 0} steps so far`)
}
