/** What a page draws: the answer so far, again and again. It survives a break without a line for it. */
import { rivulet, type Snapshot } from 'rivulet'

const river = rivulet.fromEnv({ aliases: { best: ['gpt-6.1-sol', 'claude-opus-5-5'] }, model: 'best' })

export async function show(question: string, draw: (view: Pick<Snapshot, 'text' | 'reason'>) => void): Promise<void> {
  for await (const snapshot of river.snapshots(question)) draw(snapshot)
}
