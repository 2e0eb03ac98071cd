import type { Model } from '@rivulet/core'

/**
 * The chat models that __Name__ serves, newest first. TODO: their ids, limits and prices, with the page that says so and a date.
 *
 * @see https://docs.__name__.example/models (__date__)
 */
export const MODELS = [{ id: '__name__-1', name: '__Name__ 1' }] as const satisfies readonly Model[]

/** The names of the models that are known here; the endpoint may serve others. */
export type __Pascal__Model = (typeof MODELS)[number]['id']
