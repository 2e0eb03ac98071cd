import { availableParallelism, cpus, loadavg, totalmem, type } from 'node:os'

/** The machine of the figures. Times depend on it; ratios less so. */
export interface Machine {
  cpu: string
  cores: number
  memoryGb: number
  system: string
  node: string
  /** How many processes wanted a core, the benchmark's included, in the last minutes; more than cores is a busy machine. */
  load?: number
  /** Day of the run, as `2026-11-21`. */
  date: string
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: type(),
    node: process.version,
    load: Math.round(loadavg()[2] ?? 0),
    date: new Date().toISOString().slice(0, 10),
  }
}
