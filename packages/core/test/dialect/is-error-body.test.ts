import { expect, test } from 'vitest'
import { isErrorBody } from '../../src/dialect/is-error-body.ts'

const choices = [{ index: 0, delta: { content: 'x' }, finish_reason: null }]

test.each<[unknown, boolean]>([
  [{ error: { message: 'x' } }, true],
  [{ error: 'x' }, true],
  [{ type: 'error' }, true],
  [{ object: 'error', message: 'x' }, true],
  [[{ error: { code: 503 } }], true],
  [{ error: { message: 'x' }, choices }, true],
  [{ error: 'x', choices }, true],
  [{ error: { message: 'x' }, choices: [] }, true],
  [{ choices: null, error_type: 'BadRequestError', error_message: 'x' }, true],
  [{ code: 'The service is unavailable', error: 'x' }, true],
  [{ code: 400, message: 'x' }, true],
  [{ code: -1, message: 'x' }, true],
  [{ code: 20_012, message: 'x', data: null }, true],
  [{ code: 'Arrearage', message: 'x' }, true],
  [{ code: '500', msg: 'x' }, true],
  [{ message: 'x', type: 'too_many_tokens_error', param: 'quota', code: 'token_quota_exceeded' }, true],
  [{ message: 'x', type: 'ValidationException' }, true],
  [{ detail: 'x' }, true],
  [{ detail: [{ msg: 'x' }] }, true],
  [{ msg: 'x' }, true],
  [{ errors: [{ message: 'x' }] }, true],
  [{ errors: ['x'] }, true],
  [{ success: false }, true],
  [{ status: 'error' }, true],
  [{ status: 'FAILED', message: 'x' }, true],
  [{ base_resp: { status_code: 1008, status_msg: 'x' }, choices: null }, true],
  [{ error_code: 110, error_msg: 'x' }, true],
  [{ error: null, choices: [] }, false],
  [{ error: 0, choices }, true],
  [{ error: { code: 502 }, choices }, true],
  [{ error: '', choices }, false],
  [{ error: {}, choices }, false],
  [{ error: { message: '', code: null, type: '' }, choices }, false],
  [{ choices, code: 500, message: 'x', detail: 'x', msg: 'x', errors: ['x'], success: false, status: 'error' }, false],
  [{ candidates: [{}], status: 'error' }, false],
  [{ type: 'message', content: [{ type: 'text', text: 'x' }], status: 'error' }, false],
  [{ usageMetadata: {}, detail: 'x' }, false],
  [{ choices: [], usage: {}, msg: 'x' }, false],
  [{ model: 'x', message: { role: 'assistant', content: 'x' }, done: false, status: 'error' }, false],
  [{ index: 0, delta: {}, finish_reason: 'error', status: 'error' }, false],
  [{ object: 'response', status: 'failed', output: [{}] }, false],
  [{ type: 'response.failed', response: { status: 'failed', error: { message: 'x' } } }, false],
  [{ type: 'response.code_interpreter_call_code.done', code: 'print()', status: 'failed' }, false],
  [{ type: 'ping', detail: 'x' }, false],
  [{ code: 200, message: 'x' }, false],
  [{ code: '0', message: 'x' }, false],
  [{ code: 'success', msg: 'x' }, false],
  [{ code: 0, msg: 'x', errors: [], success: true }, false],
  [{ base_resp: { status_code: 0, status_msg: '' }, choices: [] }, false],
  [{ status: 'success' }, false],
  [{ detail: '', msg: ' ' }, false],
  [{ message: 'x' }, false],
  [{ error: false }, false],
  [{ choices: [] }, false],
  [[], false],
  ['error', false],
  [null, false],
])('%j is an error body: %s', (body, expected) => {
  expect(isErrorBody(body)).toBe(expected)
})

test.each([
  { choices: [{}] },
  { candidates: [{}] },
  { content: 'x' },
  { content: [{}] },
  { output: [{}] },
  { output: 'x' },
  { usage: {} },
  { usageMetadata: {} },
  { message: {} },
  { delta: {} },
  { response: {} },
  { done: false },
])('a body with %j is an answer, whatever its status; only its type makes it an error', (part) => {
  expect(isErrorBody({ ...part, status: 'error' })).toBe(false)
  expect(isErrorBody({ ...part, type: 'error' })).toBe(true)
})

test.each([
  { choices: [] },
  { candidates: null },
  { content: ' ' },
  { content: [] },
  { output: 0 },
  { usage: null },
  { usageMetadata: 1 },
  { message: 'x' },
  { delta: 'x' },
  { response: [] },
  { done: 'no' },
])('a body with %j is not an answer: its status says that it failed', (part) => {
  expect(isErrorBody({ ...part, status: 'error' })).toBe(true)
})

test.each<[error: unknown, inAnswer: boolean, alone: boolean]>([
  ['x', true, true],
  [' ', false, true],
  [0, true, true],
  [true, true, true],
  [false, false, false],
  [null, false, false],
  [undefined, false, false],
  [['x'], true, true],
  [[], false, true],
  [{ code: 0 }, true, true],
  [{ failed: true }, true, true],
  [{ failed: false }, false, true],
  [{ details: {} }, true, true],
  [{ message: '', details: ['x'] }, true, true],
  [{ message: ' ', code: null }, false, true],
])('an error field with %j is one in an answer: %s, and alone: %s', (error, inAnswer, alone) => {
  expect(isErrorBody({ error, choices })).toBe(inAnswer)
  expect(isErrorBody({ error })).toBe(alone)
})

test.each<[code: unknown, expected: boolean]>([
  [-1, true],
  [0, false],
  [1, false],
  [200, false],
  [399, false],
  [400, true],
  ['', false],
  [' ', false],
  ['0', false],
  [' 0 ', false],
  ['00', true],
  ['200', false],
  ['299', false],
  ['2000', true],
  ['1200', true],
  ['20x', true],
  ['2x0', true],
  ['ok', false],
  ['OK', false],
  ['okay', true],
  ['Success', false],
  ['unsuccessful', true],
  [true, false],
  [null, false],
])('the code %j beside a message is an error: %s', (code, expected) => {
  expect(isErrorBody({ code, message: 'x' })).toBe(expected)
  expect(isErrorBody({ code, message: ' ' })).toBe(false)
  expect(isErrorBody({ code })).toBe(false)
})

test.each<[code: unknown, expected: boolean]>([
  [undefined, true],
  [null, true],
  ['', true],
  [0, false],
  [204, false],
  [1, true],
  [399, true],
  [[0], true],
  ['ok', false],
  ['failed', true],
])('the code %j beside a "msg" is an error: %s', (code, expected) => {
  expect(isErrorBody({ code, msg: 'x' })).toBe(expected)
})

test.each<[unknown, boolean]>([
  [[{ error: 'x' }, { error: 'x' }], false],
  [[{ error: 'x' }], true],
  [{ status: 'fail' }, true],
  [{ status: 'failed' }, true],
  [{ status: 'Failure' }, true],
  [{ status: 'errors' }, false],
  [{ status: 'no error' }, false],
  [{ status: 'failing' }, false],
  [{ status: ['error'] }, false],
  [{ success: 0 }, false],
  [{ error_message: 'x' }, true],
  [{ error_msg: 'x' }, true],
  [{ error_type: 'x' }, true],
  [{ error_message: '', error_msg: ' ', error_type: null }, false],
  [{ errors: [] }, false],
  [{ detail: {} }, true],
  [{ detail: [] }, false],
  [{ base_resp: { status_code: 1 } }, true],
  [{ base_resp: { status_code: '1' } }, false],
  [{ base_resp: 1 }, false],
  [{ message: 'x', type: 'INVALID_ERROR' }, true],
  [{ message: 'x', type: 'an exception' }, true],
  [{ message: 'x', type: 'ping' }, false],
  [{ message: 'x', type: 1 }, false],
  [{ message: '', type: 'ValidationException' }, false],
  [{ detail: 'x', type: 1 }, true],
  [{ detail: 'x', type: 'ValidationException' }, true],
])('%j says that it failed: %s', (body, expected) => {
  expect(isErrorBody(body)).toBe(expected)
})

test.each<[unknown, boolean]>([
  [{ status: 503, message: 'x' }, true],
  [{ status: '503', message: 'x' }, true],
  [{ statusCode: 502 }, true],
  [{ status_code: 429, message: 'x' }, true],
  [{ http_code: 500 }, true],
  [{ errcode: 40_001, errmsg: 'x' }, true],
  [{ ok: false, error_description: 'x' }, true],
  [{ __type: 'ThrottlingException', message: 'x' }, true],
  [{ __type: 'ThrottlingException' }, false],
  [{ type: 'about:blank', title: 'Service Unavailable', status: 503 }, true],
  [{ type: 'https://errors.example/full', title: 'x', status: 429 }, true],
  [{ status: 200, message: 'x' }, false],
  [{ status: 600 }, false],
  [{ statusCode: 399 }, false],
  [{ status_code: 0 }, false],
  [{ http_code: '2xx' }, false],
  [{ errcode: 0, errmsg: 'ok' }, false],
  [{ errcode: '1' }, false],
  [{ ok: true }, false],
  [{ type: 'progress', status: 503 }, false],
  [{ status: 503, choices }, false],
])('%j gives the status of a failure: %s', (body, expected) => {
  expect(isErrorBody(body)).toBe(expected)
})
