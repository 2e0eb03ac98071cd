export { metrics, type MetricsOptions } from './observe/metrics/metrics.ts'
