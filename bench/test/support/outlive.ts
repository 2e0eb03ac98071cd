/**
 * How many bytes of an answer are still there after a minor collection, when it is long over: what something old holds that is
 * dead itself. Over a real socket, in a process of its own. Prints the middle of several. Run as
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

/** Objects only: compiled code is kept on purpose. */
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
  // Code that is not compiled yet leaves more behind.
  await read(2_000)
  gc?.()
  const figures: number[] = []
  for (let round = 0; round < 9; round++) {
    await read(1)
    const before = objects()
    await read(ANSWERS)
    figures.push((objects() - before) / ANSWERS)
  }
  process.stdout.write(String(median(figures)))
} finally {
  source.close()
}
