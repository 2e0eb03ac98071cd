export { log, type LoggedRequest, type Logger, type LogLevel, type LogOptions } from './observe/log/log.ts'
