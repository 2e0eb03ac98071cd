/**
 * `@rivulet/core/provider`, the second entry point: what authors of providers, dialects, layers and groups need in addition
 * to the first.
 */

export { type Clock, sleep, systemClock } from './async/clock.ts'
export { ManualClock } from './async/manual-clock.ts'
export { ignoreRejection, quietly } from './async/quietly.ts'
export { unlessAborted } from './async/unless-aborted.ts'
export { ChildAbort } from './async/child-abort.ts'
export { checkCall, checkRequest } from './check/check-request.ts'
export { checkBaseUrl, checkClock, checkFunctions, checkMethods, checkOptions, checkPositive } from './check/check.ts'
export { copyRequest } from './check/copy-request.ts'
export { extraFields, extraKeys, onlyExtra } from './check/extra.ts'
export { isRecord } from './check/is-record.ts'
export { type Setting, type SettingName, settings } from './check/settings.ts'
export { didYouMean, shown } from './check/suggest.ts'
export {
  type AdaptedSchema,
  adaptSchema,
  ANTHROPIC_STRICT,
  GEMINI_SCHEMA,
  OPENAI_STRICT,
  schemaNote,
  type SchemaRules,
} from './dialect/adapt-schema.ts'
export { hasCacheMarks } from './dialect/cache-marks.ts'
export { CallIds } from './dialect/call-ids.ts'
export { type DataUrl, isTextType, readDataUrl } from './dialect/data-url.ts'
export { isAuthor } from './dialect/author.ts'
export { boundedJson } from './dialect/bounded-json.ts'
export { Dropped } from './dialect/dropped.ts'
export { defined, FieldError, Fields } from './dialect/fields.ts'
export { FrameWriter, type FrameWriterOptions } from './dialect/frame-writer.ts'
export { readErrorBody, type StatedError } from './dialect/error-body.ts'
export { isErrorBody } from './dialect/is-error-body.ts'
export { jsonEscape } from './dialect/json-escape.ts'
export { readFinishReason } from './dialect/finish-reason.ts'
export { JsonProgress } from './dialect/json-progress.ts'
export { jsonStringEnd } from './dialect/json-string-end.ts'
export { isCutJson, isErrorEvent, JsonFrames, jsonOrText } from './dialect/json-frames.ts'
export { laterUsage } from './dialect/later-usage.ts'
export { parseJson } from './dialect/parse-json.ts'
export { objectSchema } from './dialect/object-schema.ts'
export { callsOf, hasContent, partsOf, textOfParts } from './dialect/parts.ts'
export { TextInput, textCallAsJson, textToolsAsFunctions, unwrapTextCalls } from './dialect/text-tools.ts'
export { argumentsText, toolArguments } from './dialect/tool-arguments.ts'
export { isSeal, readSeal, type Sealed, writeSeal } from './dialect/seal.ts'
export { spliceJson } from './dialect/splice-json.ts'
export { type ReceivedVector, vectorsOf } from './dialect/vectors.ts'
export { CODES, codeOfStatus } from './error-codes.ts'
export { detectFraming } from './framing/detect.ts'
export { Envelope, type PieceOfText } from './framing/envelope.ts'
export { jsonFraming } from './framing/json.ts'
export { ndjsonFraming } from './framing/ndjson.ts'
export { sseFraming } from './framing/sse.ts'
export { textFraming } from './framing/text.ts'
export { apiKeyHeader, type Authorization, type Authorize, bearer, queryKey } from './http/authorization.ts'
export { type ApiKey, environment } from './http/credential.ts'
export { httpProvider, type HttpProviderSpec } from './http/http-provider.ts'
export { redact, redactCut } from './http/redact.ts'
export { retryAfterMs } from './http/retry-after.ts'
export { type BatchHooks, mapBatches } from './layers/map-batches.ts'
export { onBreakOf, recoveriesOf } from './layers/on-break.ts'
export { markAttempts, type OwnAttempts, ownAttempts } from './layers/own-attempts.ts'
export { wrap, type WrappedMembers } from './layers/wrap.ts'
export { steady } from './plain/steady.ts'
export type {
  AnswerWriter,
  DecodedEvent,
  Decoder,
  EncodedRequest,
  ErrorAnswer,
  Frame,
  Framing,
  IncomingCall,
  Opened,
  Protocol,
  ServerCall,
  ServerProtocol,
  Sink,
} from './protocol.ts'
export { Collector } from './reading/collector.ts'
export { addUsage, totalUsage } from './reading/add-usage.ts'
export { countInput } from './reading/count-input.ts'
export { isContent } from './reading/is-content.ts'
export { isOwnReason, keepPartial, replacePartial, withPartial } from './reading/partial.ts'
export { streamOf } from './stream-of.ts'
export { type Batches, batchesOf, type ChatStream, chatStream, failedStream, trustedStream } from './stream.ts'
