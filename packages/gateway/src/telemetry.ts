export { telemetry } from './observe/telemetry/telemetry.ts'
