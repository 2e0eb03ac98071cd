/** Prints whether undici is loaded after importing core and a provider, and after the first request. */
import { createRequire } from 'node:module'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { REQUEST } from './memory.ts'

const { cache } = createRequire(import.meta.url)
const isLoaded = (): boolean => Object.keys(cache).some((file) => file.includes('/node_modules/undici/'))

const byImport = isLoaded()
// Nothing listens there: a refused request is enough.
const events = openaiCompatible({ baseUrl: 'http://127.0.0.1:1' }).stream(REQUEST)[Symbol.asyncIterator]()
const refused = await events.next().then(
  () => false,
  () => true,
)
process.stdout.write(JSON.stringify({ byImport, refused, byRequest: isLoaded() }))
