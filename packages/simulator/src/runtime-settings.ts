import { suggestion } from './closest.ts'
import type { Dialect } from './dialect.ts'
import { type DialectId, dialectId, dialects } from './dialects.ts'
import { type Fault, parseFault } from './faults.ts'

/** Settings that can change while the simulator runs: a fault and an answer format for each dialect. */
export interface RuntimeSettings {
  setFault(dialect: string, fault: unknown): void
  /** The current fault; its `times` is the number of requests left. */
  fault(dialect: DialectId): Fault | undefined
  /** The fault for the next answer; decrements its `times`. */
  takeFault(dialect: DialectId): Fault | undefined
  setVariant(dialect: string, variant: string | undefined): void
  variant(dialect: DialectId): string | undefined
  /** Clears the faults; the answer formats stay. */
  clearFaults(): void
}

export function runtimeSettings(): RuntimeSettings {
  const set = new Map<DialectId, Fault>()
  const variants = new Map<DialectId, string>()
  return {
    setFault(name, fault) {
      const id = dialectId(name)
      if (fault === undefined) set.delete(id)
      else set.set(id, parseFault(fault))
    },
    fault: (id) => set.get(id),
    takeFault(id) {
      const fault = set.get(id)
      if (fault?.times === undefined) return fault
      if (fault.times > 1) set.set(id, { ...fault, times: fault.times - 1 })
      else set.delete(id)
      return fault
    },
    setVariant(name, variant) {
      const id = dialectId(name)
      const dialect: Dialect = dialects[id]
      const known = dialect.variants ?? []
      if (variant === undefined) variants.delete(id)
      else if (known.includes(variant)) variants.set(id, variant)
      else if (known.length === 0) throw new TypeError(`${dialect.name} has only one answer format`)
      else throw new TypeError(`${dialect.name} has no variant "${variant}"${suggestion(variant, known)}`)
    },
    variant: (id) => variants.get(id),
    clearFaults() {
      set.clear()
    },
  }
}
