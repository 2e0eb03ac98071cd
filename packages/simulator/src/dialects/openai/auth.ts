import type { IncomingRequest, Rules } from '../../incoming-request.ts'
import { RequestError } from '../../request-error.ts'

/** Checks `authorization: Bearer …`; errors use the vendor's wording. */
export function checkBearer({ headers }: IncomingRequest, { credential }: Rules): void {
  const [, scheme = '', key = ''] = /^(\S+)\s+(.*)$/.exec(headers.authorization ?? '') ?? []
  if (scheme.toLowerCase() !== 'bearer' || key === '') {
    const message =
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
      '(i.e. Authorization: Bearer YOUR_KEY).'
    throw new RequestError(401, 'missing_credential', message, { isVerbatim: true, param: 'authorization' })
  }
  if (credential !== undefined && key !== credential) {
    throw new RequestError(401, 'invalid_api_key', 'Incorrect API key provided.', {
      isVerbatim: true,
      param: 'authorization',
    })
  }
}
