/**
 * One contender in a process of its own, so that none pays for, or profits from, what another has left behind in the
 * engine. For each message `{ url, streams }` it reads that many streams and answers with its CPU time.
 */
import { contenders } from './contenders.ts'

export interface Task {
  url: string
  streams: number
}

export interface Figure {
  /** CPU time, user and system, in µs. */
  cpu: number
  /** Characters of one stream: the same for every contender, or it has not read the answer. */
  characters: number
}

const name = process.argv[2] ?? ''
const contender = contenders[name]
if (contender === undefined) throw new Error(`no contender ${name}`)

process.on('message', (task: Task) => {
  void measure(task).then((figure) => process.send?.(figure))
})

async function measure({ url, streams }: Task): Promise<Figure> {
  let characters = 0
  const before = process.cpuUsage()
  for (let stream = 0; stream < streams; stream++) characters = (await contender?.run(url)) ?? 0
  const { user, system } = process.cpuUsage(before)
  return { cpu: user + system, characters }
}
