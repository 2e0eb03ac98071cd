import { rivulet } from 'rivulet'
import { z } from 'zod'

const schema = z.object({ title: z.string(), year: z.int() })
const { object } = await rivulet.fromEnv().object('A book about rivers.', { schema })
console.log(object.title, object.year)
