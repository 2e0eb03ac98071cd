import type { DummyRuleMap, OxlintConfig } from 'oxlint'
import tseslint from 'typescript-eslint'

const { strictTypeCheckedOnly, stylisticTypeCheckedOnly } = tseslint.configs

/** oxlint refuses a rule that it does not have. */
const MISSING = new Set(['@typescript-eslint/no-unsafe-class-instance-assignment'])

const typed = [...strictTypeCheckedOnly, ...stylisticTypeCheckedOnly]
  .flatMap(({ rules = {} }) => Object.entries(rules))
  // The others are ESLint's own.
  .filter(([name]) => name.startsWith('@typescript-eslint/') && !MISSING.has(name))
  .map(([name, level]): [string, unknown] => [name.replace('@typescript-eslint/', 'typescript/'), level])

/**
 * The rules that need types: those of typescript-eslint's strictest lists, run by oxlint on TypeScript 7, which takes a quarter of
 * the time. ESLint runs all others: eslint.config.js.
 */
const config: OxlintConfig = {
  plugins: ['typescript'],
  categories: { correctness: 'off' },
  options: { typeAware: true, maxWarnings: 0, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: [
    '**/*.js',
    '**/fixtures/**',
    'examples/.samples-*/**',
    'scripts/templates/**',
    'checks/agents/**',
    'checks/conformance/**',
    'examples/compare/**',
  ],
  rules: {
    ...(Object.fromEntries(typed) as DummyRuleMap),
    // Messages contain numbers and booleans.
    'typescript/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    // Tests write streams as `async *` without await; elsewhere `async` turns a throw into a rejection.
    'typescript/require-await': 'off',
    // An abort rejects with `signal.reason`, which may be anything.
    'typescript/prefer-promise-reject-errors': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
    'typescript/only-throw-error': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  },
}

export default config
