/**
 * Heap bytes per chunk, in a process of its own whose young generation is so large that nothing is collected meanwhile: the difference
 * is what was allocated. Prints the median of several. Run as
 * `node --min-semi-space-size=256 --max-semi-space-size=256 allocate.ts <subject> <reads> <chunks of each> <answers>`.
 */
import { median } from '../../src/figures.ts'
import { fromMemory, REQUEST } from './memory.ts'
import { type SubjectName, subjects } from './subjects.ts'

const [, , name, reads, chunks, answers] = process.argv

// The test names one of them.
const subject = subjects[name as SubjectName]
const provider = subject({ baseUrl: 'http://127.0.0.1', transport: fromMemory(Number(reads), Number(chunks)) })

async function read(): Promise<number> {
  let characters = 0
  for await (const event of provider.stream(REQUEST)) if (event.type === 'text') characters += event.text.length
  return characters
}

// Warm-up: code that is not compiled yet allocates more.
let characters = 0
for (let round = 0; round < 60 * Number(answers); round++) characters += await read()
const figures: number[] = []
for (let round = 0; round < 9; round++) {
  const before = process.memoryUsage().heapUsed
  for (let answer = 0; answer < Number(answers); answer++) characters += await read()
  figures.push((process.memoryUsage().heapUsed - before) / Number(answers) / Number(reads) / Number(chunks))
}
if (characters === 0) throw new Error('nothing was read')
process.stdout.write(String(median(figures)))
