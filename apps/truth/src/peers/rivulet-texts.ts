import { textOf } from '@rivulet/core'
import { subjectOf } from '../subjects.ts'

/** Rivulet as one of its own peers: in the form of the first example, with deadlines as short as the others have them. */
export async function* texts(baseUrl: string, signal: AbortSignal): AsyncGenerator<string> {
  const { provider, request } = await subjectOf('gravityengine')
  const deadlines = { connectMs: 1_500, firstTokenMs: 1_500, idleMs: 1_500, totalMs: 4_000 }
  yield* textOf(provider({ baseUrl, deadlines }).stream(request, { signal }))
}
