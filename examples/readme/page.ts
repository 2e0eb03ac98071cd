import { chat, remote } from '@rivulet/core'

const page = chat(remote('/api/chat'))

/** Draws the answer so far, again and again. After a break it grows anew, and needs no line for that. */
export async function ask(question: string, draw: (text: string) => void): Promise<void> {
  for await (const { text } of page.snapshots(question)) draw(text)
}
