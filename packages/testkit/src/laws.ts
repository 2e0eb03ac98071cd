import type { Law } from './law.ts'
import { abort } from './laws/abort.ts'
import { compression } from './laws/compression.ts'
import { connecting } from './laws/connecting.ts'
import { cuts } from './laws/cuts.ts'
import { deadlines } from './laws/deadlines.ts'
import { decoding } from './laws/decoding.ts'
import { ends } from './laws/ends.ts'
import { embeddings } from './laws/embeddings.ts'
import { falseSuccesses } from './laws/false-successes.ts'
import { finishReasons } from './laws/finish-reasons.ts'
import { floods } from './laws/floods.ts'
import { foreignProviders } from './laws/foreign-providers.ts'
import { groups } from './laws/groups.ts'
import { heldErrors } from './laws/held-errors.ts'
import { jsonTolerance } from './laws/json-tolerance.ts'
import { keepAlive } from './laws/keep-alive.ts'
import { leaks } from './laws/leaks.ts'
import { leaving } from './laws/leaving.ts'
import { mistakes } from './laws/mistakes.ts'
import { mixedAnswers } from './laws/mixed-answers.ts'
import { purity } from './laws/purity.ts'
import { redirects } from './laws/redirects.ts'
import { secretLaws } from './laws/secrets.ts'
import { silentEnds } from './laws/silent-ends.ts'
import { sseTolerance } from './laws/sse-tolerance.ts'
import { statuses } from './laws/statuses.ts'
import { toolCalls } from './laws/tool-calls.ts'
import { truncation } from './laws/truncation.ts'
import { usage } from './laws/usage.ts'

/** What an answer means, and where it ends. */
export const answerLaws: readonly Law[] = [
  ...decoding,
  ...usage,
  ...toolCalls,
  ...cuts,
  ...sseTolerance,
  ...jsonTolerance,
  ...compression,
  ...truncation,
  ...ends,
  ...finishReasons,
  ...silentEnds,
  ...mixedAnswers,
]

/** Every law, in the order in which they are tried. */
export const laws: readonly Law[] = [
  ...answerLaws,
  ...connecting,
  ...deadlines,
  ...statuses,
  ...heldErrors,
  ...redirects,
  ...falseSuccesses,
  ...abort,
  ...leaving,
  ...floods,
  ...keepAlive,
  ...leaks,
  ...purity,
  ...mistakes,
  ...embeddings,
  ...secretLaws,
  ...foreignProviders,
  ...groups,
]
