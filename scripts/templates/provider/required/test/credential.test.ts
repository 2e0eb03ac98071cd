import { testCredential } from '@rivulet/testkit'
import { describe, it } from 'vitest'
import { __camel__ } from '../src/index.ts'
import { sent, subject } from './subject.ts'

testCredential({
  runner: { describe, it },
  ...subject,
  factory: __camel__,
  option: 'apiKey',
  variable: '__ENV___API_KEY',
  sent,
})
