import { expect, test } from 'vitest'
import { ChatError } from '../../src/errors.ts'
import { checkNode } from '../../src/transport/check-node.ts'
import { collect } from '../../src/reading/collect.ts'
import { acme, failure, hello } from '../support/providers.ts'

test.each(['20.20.2', '22.18.0', '22.3.9', '18.19.1'])(
  'Node %s is too old for undici, and the error says so',
  (version) => {
    expect(() => {
      checkNode(version)
    }).toThrow(
      new ChatError(
        'unsupported',
        `the undici transport needs Node 22.19 or later, and this is Node ${version}. Update Node, or send with fetch: set the option transport to fetchTransport(), from '@rivulet/core/fetch'.`,
      ),
    )
  },
)

test.each([process.versions.node, '22.19.0', '22.20.1', '23.0.0', '100.1.0'])('Node %s will do', (version) => {
  expect(() => {
    checkNode(version)
  }).not.toThrow()
})

test('the failure of a call says it as it is: another try would not help', async () => {
  const transport = async (): Promise<never> => {
    checkNode('20.20.2')
    throw new Error('not reached')
  }
  const error = await failure(collect(acme('http://127.0.0.1:1', { transport }).stream(hello)), 'unsupported')
  expect(error.retryable).toBe(false)
  expect(error.message).toMatch(/^acme: the undici transport needs Node 22\.19 or later, and this is Node 20\.20\.2\. /)
})
