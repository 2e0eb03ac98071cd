import type { Contender } from './contender.ts'
import { floor } from './contenders/floor.ts'
import { events, group, text } from './contenders/rivulet.ts'

/** The first is the floor. */
export const contenders: Readonly<Record<string, Contender>> = { floor, events, text, group }
