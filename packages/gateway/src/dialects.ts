import type { ErrorCode } from '@rivulet/core'
import type { ServerProtocol } from '@rivulet/core/provider'
import { messagesServer } from '@rivulet/protocol-anthropic'
import { geminiServer } from '@rivulet/protocol-google'
import { chatCompletionsServer, responsesServer } from '@rivulet/protocol-openai'

/** What the gateway knows of a dialect besides its server half. */
export interface ClientDialect {
  readonly server: ServerProtocol
  /** How ids of answers begin. */
  readonly idPrefix: string
  /** The header in which its clients look for the id of a request. */
  readonly requestIdHeader: string
  /** Its clients send their keys in `authorization`. */
  readonly keysAreBearer: boolean
  /** Its clients skip the comments of an event stream. Gemini CLI 0.61.0 waits for ever after one (tried on 2026-11-28). */
  readonly skipsComments: boolean
  /** An error's body names the request, as `request_id`. */
  readonly namesRequest: boolean
  /**
   * The statuses of failures that asking again does not mend, where those of the server half make agents ask again. Requests of
   * one call, measured on 2026-11-20 with default retries: Claude Code 401 7, 403 1; Codex 401 6, 402 6, 400 1; OpenCode
   * 429 6, 402 1.
   */
  readonly finalStatuses: Readonly<Partial<Record<ErrorCode, number>>>
}

export type ClientDialectName = 'chat' | 'responses' | 'messages' | 'gemini'

/** @param seal The provider reaches several authors: signatures are written with whose they are. */
export function clientDialects(seal: boolean): Readonly<Record<ClientDialectName, ClientDialect>> {
  const usual = {
    requestIdHeader: 'x-request-id',
    keysAreBearer: true,
    skipsComments: true,
    namesRequest: false,
    finalStatuses: {},
  }
  return {
    chat: {
      ...usual,
      server: chatCompletionsServer({ seal }),
      idPrefix: 'chatcmpl-',
      finalStatuses: { quota: 402 },
    },
    responses: { ...usual, server: responsesServer({ seal }), idPrefix: 'resp_', finalStatuses: { auth: 400 } },
    messages: {
      server: messagesServer({ seal }),
      idPrefix: 'msg_',
      requestIdHeader: 'request-id',
      keysAreBearer: false,
      skipsComments: true,
      namesRequest: true,
      finalStatuses: { auth: 403 },
    },
    gemini: { ...usual, server: geminiServer({ seal }), idPrefix: '', keysAreBearer: false, skipsComments: false },
  }
}
