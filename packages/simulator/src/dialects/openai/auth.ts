import type { Incoming, Rules } from '../../incoming.ts'
import { Refusal } from '../../refusal.ts'

/** `authorization: Bearer …`, in the vendor's words where it is not right. */
export function checkBearer({ headers }: Incoming, { credential }: Rules): void {
  const [, scheme = '', key = ''] = /^(\S+)\s+(.*)$/.exec(headers.authorization ?? '') ?? []
  if (scheme.toLowerCase() !== 'bearer' || key === '') {
    const message =
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
      '(i.e. Authorization: Bearer YOUR_KEY).'
    throw new Refusal(401, 'missing_credential', message, { isQuoted: true, param: 'authorization' })
  }
  if (credential !== undefined && key !== credential) {
    throw new Refusal(401, 'invalid_api_key', 'Incorrect API key provided.', {
      isQuoted: true,
      param: 'authorization',
    })
  }
}
