/** Whether undici is loaded, by importing core and a provider and by the first request. Prints both. */
import { createRequire } from 'node:module'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { REQUEST } from './memory.ts'

const { cache } = createRequire(import.meta.url)
const isLoaded = (): boolean => Object.keys(cache).some((file) => file.includes('/node_modules/undici/'))

const byImport = isLoaded()
// Nobody listens there: the request is refused, which is request enough.
const events = openaiCompatible({ baseUrl: 'http://127.0.0.1:1' }).stream(REQUEST)[Symbol.asyncIterator]()
const refused = await events.next().then(
  () => false,
  () => true,
)
process.stdout.write(JSON.stringify({ byImport, refused, byRequest: isLoaded() }))
