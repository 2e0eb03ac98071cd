import type { Model } from '@rivulet/core'

/**
 * The chat models that __Name__ serves, newest first. TODO: their ids, limits and prices, with the page that says so and a date.
 *
 * @see https://docs.__name__.example/models (__date__)
 */
export const MODELS: readonly Model[] = [{ id: '__name__-1', name: '__Name__ 1' }]
