import { type Wrong, withMistake } from './broken.ts'
import * as wrong from './wrong.ts'

const CUTS = /cut in two|many pieces|HTTP chunks/

/** Providers that read an answer wrongly. */
export const wrongDecoding: Wrong = {
  'takes any end of the body for the end': [
    withMistake('any end of the body is the end'),
    [/short success: the connection closes/],
  ],
  'ends a broken answer quietly': [
    wrong.swallowing(({ code }) => code === 'truncated'),
    [/never a short success/, /compressed answer that breaks off/, /tool call whose arguments/],
  ],
  'finishes twice': [
    wrong.twoFinishes,
    [/one start .* one finish/, /behind the end mark/, /not JSON is counted/, /usage is/],
  ],
  'decodes each read by itself': [
    wrong.overTransport((response) => ({ ...response, body: wrong.breakingCharacters(response.body) })),
    [CUTS],
    /any line ends|comments, unknown|unknown event/,
  ],
  'loses what is not text': [
    withMistake('drops reasoning'),
    [/read as it is meant/, /short success: the connection closes/],
  ],
  'knows no line end but LF': [withMistake('drops carriage returns'), [/any line ends/]],
  'chokes on empty data': [withMistake('no empty data'), [/comments, unknown fields/]],
  'takes pings for text': [withMistake('pings are text'), [/unknown event/]],
  'skips what it cannot read and says nothing': [withMistake('skips silently'), [/not JSON is counted/]],
  'reads a line of any length': [withMistake('endless lines'), [/line without end/]],
  'waits for the end of the body': [withMistake('deaf to [DONE]'), [/end mark ends the answer/, /behind the end mark/]],
  'reports a usage that is no number': [wrong.nonsenseUsage, [/usage is reported/, /usage is estimated/]],
  'takes any arguments': [withMistake('takes any arguments'), [/tool call whose arguments/]],
  'gives all arguments to the last call': [
    withMistake('gives all arguments to the last call'),
    [/tool calls are joined/],
  ],
  'makes an error of an empty answer': [wrong.refusingEmpty, [/an empty answer is/]],
  'knows no coding': [
    wrong.overTransport(({ headers, status, body }) => ({
      headers,
      status,
      body: headers['content-encoding'] === undefined ? body : wrong.nothing(),
    })),
    [/compressed answer/],
  ],
  'decodes a compressed body when all of it is there': [
    wrong.overTransport((response) => ({
      ...response,
      body: response.headers['content-encoding'] === undefined ? response.body : wrong.inOnePiece(response.body),
    })),
    [/compressed answer is read as it comes/],
  ],
  'wants [DONE]': [withMistake('wants [DONE]'), [/without \[DONE\]/]],
}
