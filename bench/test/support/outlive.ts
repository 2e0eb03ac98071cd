/**
 * Bytes of a finished answer that survive a minor collection, because an old and dead object still holds them. Over a real socket, in
 * a process of its own. Prints the median of several. Run as
 * `node --expose-gc outlive.ts <subject>`.
 */
import { getHeapSpaceStatistics } from 'node:v8'
import { median } from '../../src/figures.ts'
import { openSource } from '../../src/open-source.ts'
import { REQUEST } from './memory.ts'
import { type SubjectName, subjects } from './subjects.ts'

const CHUNKS = 50
const ANSWERS = 100

const source = await openSource()
// The test names one of them.
const subject = subjects[process.argv[2] as SubjectName]
const provider = subject({ baseUrl: `${source.origin}/openai/backlogged/${CHUNKS}` })

/** Objects only: compiled code stays on purpose. */
function objects(): number {
  gc?.({ type: 'minor' })
  return getHeapSpaceStatistics()
    .filter(({ space_name: name }) => name === 'new_space' || name === 'old_space')
    .reduce((sum, { space_used_size: bytes }) => sum + bytes, 0)
}

async function read(answers: number): Promise<void> {
  for (let answer = 0; answer < answers; answer++) {
    let characters = 0
    for await (const event of provider.stream(REQUEST)) if (event.type === 'text') characters += event.text.length
    if (characters === 0) throw new Error('nothing was read')
  }
}

try {
  // Warm-up: code that is not compiled yet retains more.
  await read(500)
  gc?.()
  const figures: number[] = []
  for (let round = 0; round < 5; round++) {
    await read(1)
    const before = objects()
    await read(ANSWERS)
    figures.push((objects() - before) / ANSWERS)
  }
  process.stdout.write(String(median(figures)))
} finally {
  source.close()
}
