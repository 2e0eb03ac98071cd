/** A question about an image and a document. */
import { readFile } from 'node:fs/promises'
import { rivulet } from 'rivulet'

const river = rivulet.fromEnv()

const read = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'base64')

const { text } = await river.complete({
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Is what the image shows described in the document?' },
        { type: 'image', url: `data:image/png;base64,${await read('files/dot.png')}` },
        { type: 'file', url: `data:application/pdf;base64,${await read('files/note.pdf')}`, name: 'note.pdf' },
      ],
    },
  ],
})
console.log(text)
