export { log, type Logger, type LogLevel, type LogOptions } from './observe/log/log.ts'
