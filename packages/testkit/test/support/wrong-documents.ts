import { type Wrong, withMistake } from './broken.ts'
import * as wrong from './wrong.ts'

/** Providers that are wrong with answers in one piece: they are tried with `stream: false`. */
export const wrongDocuments: Wrong = {
  'is deaf to errors in an answer': [
    withMistake('deaf to errors'),
    [/error document/, /error in place/, /error behind content/],
  ],
  'chokes on white space': [
    wrong.overTransport((response) => ({ ...response, body: wrong.startingWithContent(response.body) })),
    [/white space around/],
  ],
  'reads a document of any length': [withMistake('endless lines'), [/line without end/]],
  'never closes': [wrong.neverCloses, [/return\(\) while/, /nothing is sent before/]],
  'takes any end for the end': [
    wrong.swallowing(({ code }) => code === 'truncated'),
    [/never a short success/, /compressed answer that breaks off/],
  ],
}
