import type { Body } from '../../check.ts'
import { recordIn, recordsIn, textsIn } from '../../fields.ts'
import { RequestError } from '../../request-error.ts'

/**
 * What fields must have in common, which are right each on its own.
 *
 * @see https://ai.google.dev/gemini-api/docs/tool-combination (2026-11-20)
 * @see https://ai.google.dev/gemini-api/docs/thinking (2026-11-20)
 */
export function checkAgreement({ tools, toolConfig, generationConfig }: Body): void {
  const config = recordIn(toolConfig)
  const names = new Set(recordsIn(tools).flatMap((tool) => Object.keys(tool)))
  if (names.has('functionDeclarations') && names.size > 1 && config.includeServerSideToolInvocations !== true) {
    refuse(
      'Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling.',
      'toolConfig.includeServerSideToolInvocations',
    )
  }
  const { mode, allowedFunctionNames: allowed } = recordIn(config.functionCallingConfig)
  if (textsIn(allowed).length > 0 && mode !== 'ANY' && mode !== 'VALIDATED') {
    refuse(
      'Function calling config is set without function_calling_config.mode ANY or VALIDATED: allowed_function_names must be empty.',
      'toolConfig.functionCallingConfig.allowedFunctionNames',
    )
  }
  const { thinkingConfig, responseMimeType: type, responseSchema, responseJsonSchema } = recordIn(generationConfig)
  const { thinkingLevel, thinkingBudget } = recordIn(thinkingConfig)
  if (thinkingLevel !== undefined && thinkingBudget !== undefined) {
    refuse('You can only set only one of thinking budget and thinking level.', 'generationConfig.thinkingConfig')
  }
  if (responseSchema !== undefined && responseJsonSchema !== undefined) {
    refuse('Only one of response_schema and response_json_schema may be set.', 'generationConfig.responseJsonSchema')
  }
  if ((responseSchema ?? responseJsonSchema) !== undefined && (type === undefined || type === 'text/plain')) {
    refuse(
      'A response schema needs the response_mime_type application/json or text/x.enum.',
      'generationConfig.responseMimeType',
    )
  }
}

function refuse(message: string, param: string): never {
  throw new RequestError(400, 'wrong_value', message, { param, isVerbatim: true })
}
