import { availableParallelism, cpus, totalmem, type } from 'node:os'

/** The machine of the figures. Times depend on it; ratios less so. */
export interface Machine {
  cpu: string
  cores: number
  memoryGb: number
  system: string
  node: string
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
    date: new Date().toISOString().slice(0, 10),
  }
}
