export { answered, type Answered, type GivenAnswer } from './answered.ts'
export { byteServer, type ByteServer, type Play } from './byte-server.ts'
export { splitBytes } from './bytes.ts'
export { chatSubject, type ChatSubjectOptions } from './chat-subject.ts'
export { classProvider, lostMembers } from './class-provider.ts'
export { type Connection } from './connection.ts'
export { decoded, type Decoded } from './decoded.ts'
export { testBothWays, type TestBothWaysOptions } from './test-both-ways.ts'
export { bearerTo, testCredential, type TestCredentialOptions } from './test-credential.ts'
export { testErrors, type TestErrorsOptions, type RecordedError } from './test-errors.ts'
export { testProvider, type TestProviderOptions, type Runner } from './test-provider.ts'
export { codesOf, type Failure, failures } from './failures.ts'
export { type Exchange, type Script } from './exchange.ts'
export {
  type AnswerFixture,
  ERROR_WORDS,
  type ErrorFixture,
  errorInWords,
  type Fixtures,
  openPart,
} from './fixtures.ts'
export { type FixtureFile, fixturesIn, withoutLines } from './fixtures-in.ts'
export { type Form } from './forms.ts'
export {
  answering,
  type BodyFraming,
  headOf,
  type HttpAnswer,
  LAST_CHUNK,
  pieceOf,
  wireOf,
  writing,
} from './http-bytes.ts'
export { type Law, type LawContext, type Subject } from './law.ts'
export { laws } from './laws.ts'
export { type EmbeddingFixture, type Named, type SilentEnd, type Variants } from './variants.ts'
export { anthropicVariants } from './variants/anthropic.ts'
export { chatVariants } from './variants/chat.ts'
export { geminiEmbeddings, ollamaEmbeddings, openaiEmbeddings } from './variants/embeddings.ts'
export { geminiVariants } from './variants/gemini.ts'
export { ollamaVariants } from './variants/ollama.ts'
export { rawTextVariants } from './variants/raw-text.ts'
export { responsesVariants } from './variants/responses.ts'
export { ManualClock } from '@rivulet/core/provider'
export { type Proof, prove, type ProveOptions, type Transports } from './prove.ts'
export { recordRequests, type RequestRecorder } from './record-requests.ts'
export { type ReceivedRequest } from './received-request.ts'
export { type WrittenExchange } from './playable.ts'
export { seeded } from './random.ts'
export { replay, type ReplayOptions } from './replay.ts'
export {
  scriptedAnswer,
  type ScriptedCall,
  scriptedFailure,
  scriptedProvider,
  type ScriptedProvider,
  type ScriptedStep,
} from './scripted-provider.ts'
