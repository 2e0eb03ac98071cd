export type { MessagesOptions } from './client/encode-request.ts'
export { messages } from './messages.ts'
export { messagesServer, type MessagesServerOptions } from './server/messages-server.ts'
export type { MessagesModel, ThinkingStyle, WireEffort } from './thinking-styles.ts'
