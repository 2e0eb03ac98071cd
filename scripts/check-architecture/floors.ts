import type { Package } from './workspace.ts'

/**
 * The house, floor by floor: who may import whom from `src`. Imports point left:
 * core ← protocol-* ← provider-* ← router ← rivulet ← gateway ← cli, apps.
 *
 * `depth` is where a floor stands in the picture. A new kind of package is one line here.
 */
const FLOORS = {
  core: { depth: 0, imports: [] },
  protocol: { depth: 1, imports: ['core'] },
  provider: { depth: 2, imports: ['core', 'protocol'] },
  // Groups take any Provider, so they know none by name.
  router: { depth: 3, imports: ['core', 'protocol'] },
  rivulet: { depth: 4, imports: ['core', 'protocol', 'provider', 'router'] },
  gateway: { depth: 5, imports: ['core', 'protocol', 'router', 'rivulet'] },
  'ai-sdk': { depth: 5, imports: ['core'] },
  cli: { depth: 6, imports: ['core', 'protocol', 'provider', 'router', 'rivulet', 'gateway', 'ai-sdk'] },
  app: {
    depth: 6,
    imports: ['core', 'protocol', 'provider', 'router', 'rivulet', 'gateway', 'ai-sdk', 'cli', 'testkit', 'simulator'],
  },
  // Beside the house: used by tests, benches and apps only, and by each other's tests.
  testkit: { depth: 1, imports: ['core', 'protocol'] },
  simulator: { depth: 1, imports: ['core', 'protocol'] },
} as const satisfies Record<string, { depth: number; imports: readonly string[] }>

export type Floor = keyof typeof FLOORS

export const DIRECTION = 'core ← protocol-* ← provider-* ← router ← rivulet ← gateway ← cli, apps'

export function floorOf(pack: Package): Floor | undefined {
  if (pack.kind === 'app') return 'app'
  if (pack.short.startsWith('protocol-')) return 'protocol'
  if (pack.short.startsWith('provider-')) return 'provider'
  return isFloor(pack.short) ? pack.short : undefined
}

function isFloor(name: string): name is Floor {
  return Object.hasOwn(FLOORS, name) && name !== 'protocol' && name !== 'provider' && name !== 'app'
}

export function mayImport(from: Floor, to: Floor): boolean {
  return FLOORS[from].imports.some((floor) => floor === to)
}

export function depthOf(floor: Floor): number {
  return FLOORS[floor].depth
}

export function isBeside(floor: Floor): boolean {
  return floor === 'testkit' || floor === 'simulator'
}
