import type { GatewayObserver } from '@rivulet/gateway'
import { log, type LogLevel } from '@rivulet/gateway/log'
import { metrics } from '@rivulet/gateway/metrics'
import { telemetry } from '@rivulet/gateway/telemetry'
import type { Breakers } from './breakers.ts'
import { loggerFor } from './logger.ts'

/** The least level of the lines that are written. */
export type LogSetting = LogLevel | 'off'

export const USUAL_LOG: LogSetting = 'warn'

/** The observers of a gateway. They stay when the service is replaced, so that counts go on. */
export class Watchers {
  /** The metrics show these. */
  breakers: Breakers | undefined
  readonly #metrics = metrics({ openBreakers: () => this.breakers?.openBreakers() ?? {} })
  /** Records nothing where the process has no OpenTelemetry SDK. */
  readonly #telemetry = telemetry()

  observers(setting: LogSetting): readonly GatewayObserver[] {
    const watching = [this.#metrics, this.#telemetry]
    return setting === 'off' ? watching : [...watching, log({ logger: loggerFor(setting) })]
  }
}
