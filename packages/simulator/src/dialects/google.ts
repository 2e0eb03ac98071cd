import type { Dialect, Route } from '../dialect.ts'
import { models } from './google/access.ts'
import { documentRoutes } from './google/documents.ts'
import { googleErrorBody } from './google/error.ts'
import { generateRoutes } from './google/generate.ts'

const beta: readonly Route[] = [...generateRoutes, ...documentRoutes]
/** The stable version has the same routes; the vendor's own client uses it since its version 3. */
const stable = beta.map((route) => ({ ...route, path: route.path.replace('/v1beta/', '/v1/') }))

/** Google's Gemini API: `generateContent` as one document, as events and as a list; models; embeddings. */
export const google: Dialect = {
  id: 'google',
  name: 'Google',
  models: models.filter(({ dimensions }) => dimensions === undefined).map(({ id }) => id),
  needsCredential: true,
  routes: [...beta, ...stable],
  errorBody: googleErrorBody,
}
