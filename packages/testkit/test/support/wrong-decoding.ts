import { type Wrong, withMistake } from './broken.ts'
import * as wrong from './wrong.ts'

const CUTS = /cut in two|many pieces|HTTP chunks/

/** Providers that decode an answer wrongly. */
export const wrongDecoding: Wrong = {
  'takes any end of the body for the end of the answer': [
    withMistake('any end of the body is the end'),
    [/short success: the connection closes/, /says nothing ends no answer/],
  ],
  'ends a broken answer as a success': [
    wrong.swallowing(({ code }) => code === 'truncated'),
    [
      /never a short success/,
      /compressed answer that breaks off/,
      /tool call whose arguments/,
      /says nothing ends no answer/,
      /then a broken connection/,
    ],
  ],
  'finishes twice': [
    wrong.twoFinishes,
    [/one start .* one finish/, /after the end mark/, /data line that is not JSON/, /usage is/],
  ],
  'decodes each read by itself': [
    wrong.overTransport((response) => ({ ...response, body: wrong.breakingCharacters(response.body) })),
    [CUTS],
    /all line endings|comments, unknown|unknown event/,
  ],
  'loses what is not text': [
    withMistake('drops reasoning'),
    [/decoded to its text/, /short success: the connection closes/],
  ],
  'knows only LF as a line ending': [withMistake('drops carriage returns'), [/all line endings/]],
  'fails on empty data': [withMistake('no empty data'), [/comments, unknown fields/]],
  'takes pings for text': [withMistake('pings are text'), [/unknown event/]],
  'skips what is not JSON and does not count it': [withMistake('skips silently'), [/data line that is not JSON/]],
  'reads a line of any length': [withMistake('endless lines'), [/endless line/]],
  'waits for the end of the body': [
    withMistake('ignores [DONE]'),
    [/end of the body, ends the answer/, /after the end mark/, /says nothing is none/],
  ],
  'reports a usage that is not a number': [wrong.nonsenseUsage, [/usage is reported/, /usage is estimated/]],
  'takes any arguments': [withMistake('takes any arguments'), [/tool call whose arguments/]],
  'gives all arguments to the last call': [
    withMistake('gives all arguments to the last call'),
    [/tool calls are joined/],
  ],
  'calls an empty answer malformed': [wrong.refusingEmpty, [/an empty answer is/]],
  'knows no content coding': [
    wrong.overTransport(({ headers, status, body }) => ({
      headers,
      status,
      body: headers['content-encoding'] === undefined ? body : wrong.nothing(),
    })),
    [/compressed answer/],
  ],
  'decodes a compressed body only when all of it has arrived': [
    wrong.overTransport((response) => ({
      ...response,
      body: response.headers['content-encoding'] === undefined ? response.body : wrong.inOnePiece(response.body),
    })),
    [/compressed answer is decoded as it arrives/],
  ],
  'wants [DONE]': [withMistake('wants [DONE]'), [/even without \[DONE\]/, /reason and then silence/]],
  'takes any word for a finish reason': [withMistake('any word is a finish reason'), [/reason that says nothing/]],
  'ends at the finish reason': [
    withMistake('ends at the finish reason'),
    [/before the last content/, /reason and then silence/, /then a broken connection/],
  ],
  'waits for [DONE] in silence': [withMistake('waits for [DONE]'), [/reason and then silence/]],
  'takes [DONE] for an answer': [withMistake('[DONE] is an answer'), [/end mark without an answer/]],
  'mixes two answers': [withMistake('mixes answers'), [/two answers in one/]],
  'never compares a whole with its pieces': [withMistake('never compares'), [/what its pieces said/]],
  'drops what only the whole says': [withMistake('drops the whole'), [/what its pieces said/, /its whole says/]],
  'takes calls without an id for one': [withMistake('calls without an id are one'), [/calls without marks/]],
  'takes any vectors': [wrong.anyVectors, [/a vector for each input/]],
}
