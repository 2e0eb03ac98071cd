import type { GatewayObserver } from '@rivulet/gateway'
import { log, type LogLevel } from '@rivulet/gateway/log'
import { metrics } from '@rivulet/gateway/metrics'
import { telemetry } from '@rivulet/gateway/telemetry'
import type { Breakers } from './breakers.ts'
import { loggerFor } from './logger.ts'

/** The least level of a line that is written. */
export type LogSetting = LogLevel | 'off'

export const USUAL_LOG: LogSetting = 'warn'

/** Who watches the requests. They stay when the service is replaced, so that counts go on. */
export class Watchers {
  /** Those that the metrics show. */
  breakers: Breakers | undefined
  readonly #metrics = metrics({ openBreakers: () => this.breakers?.openBreakers() ?? {} })
  /** Does nothing where the process has no SDK of OpenTelemetry. */
  readonly #telemetry = telemetry()

  observers(setting: LogSetting): readonly GatewayObserver[] {
    const watching = [this.#metrics, this.#telemetry]
    return setting === 'off' ? watching : [...watching, log({ logger: loggerFor(setting) })]
  }
}
