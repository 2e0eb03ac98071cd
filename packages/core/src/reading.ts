/**
 * The half that reads answers, in one file that is loaded with the first request. `httpProvider()` takes the first two from
 * here, the reading half of a dialect (`Protocol.load`) the others, which stand in the index too.
 */

export { HttpAnswer } from './http/http-answer.ts'
export { askJson } from './http/ask-json.ts'
export { ChatError } from './errors.ts'
export { isRecord } from './check/is-record.ts'
export { isErrorBody, readErrorBody, type StatedError } from './dialect/error-body.ts'
export { detect } from './framing/detect.ts'
export { Envelope, type PieceOfText } from './framing/envelope.ts'
export { isCutJson, JsonFrames } from './dialect/json-frames.ts'
