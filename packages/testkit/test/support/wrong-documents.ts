import { type Wrong, withMistake } from './broken.ts'
import * as wrong from './wrong.ts'

/** Providers that are wrong with answers in one piece: they are tried with `stream: false`. */
export const wrongDocuments: Wrong = {
  'ignores errors in an answer': [
    withMistake('ignores errors'),
    [/error document/, /error before any content/, /error after content/],
  ],
  'fails on white space': [
    wrong.overTransport((response) => ({ ...response, body: wrong.startingWithContent(response.body) })),
    [/white space around/],
  ],
  'reads a document of any length': [withMistake('endless lines'), [/endless line/]],
  'never closes': [wrong.neverCloses, [/return\(\) while/, /nothing is sent before/]],
  'takes any end of the body for the end of the answer': [
    wrong.swallowing(({ code }) => code === 'truncated'),
    [/never a short success/, /compressed answer that breaks off/],
  ],
}
