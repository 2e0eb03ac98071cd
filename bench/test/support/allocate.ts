/**
 * Heap bytes per chunk, in a process of its own whose young generation is so large that nothing is collected meanwhile: the difference
 * is what was allocated. Prints the median of several. Run as
 * `node --min-semi-space-size=256 --max-semi-space-size=256 allocate.ts <subject>`.
 */
import { median } from '../../src/figures.ts'
import { fromMemory, REQUEST } from './memory.ts'
import { type SubjectName, subjects } from './subjects.ts'

const READS = 20
const CHUNKS = 100

// The test names one of them.
const subject = subjects[process.argv[2] as SubjectName]
const provider = subject({ baseUrl: 'http://127.0.0.1', transport: fromMemory(READS, CHUNKS) })

async function read(): Promise<number> {
  let characters = 0
  for await (const event of provider.stream(REQUEST)) if (event.type === 'text') characters += event.text.length
  return characters
}

// Warm-up: code that is not compiled yet allocates more.
let characters = 0
for (let round = 0; round < 60; round++) characters += await read()
const figures: number[] = []
for (let round = 0; round < 9; round++) {
  const before = process.memoryUsage().heapUsed
  characters += await read()
  figures.push((process.memoryUsage().heapUsed - before) / READS / CHUNKS)
}
if (characters === 0) throw new Error('nothing was read')
process.stdout.write(String(median(figures)))
