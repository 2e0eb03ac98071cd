import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** The rules that need no types. Those that do are in oxlint.config.ts. */
export default defineConfig(
  {
    ignores: [
      '**/dist/**',
      // Where the samples of all pages are compiled, most often while this runs.
      'examples/.samples-*/**',
      '**/coverage/**',
      '**/node_modules/**',
      '**/fixtures/**',
      'scripts/templates/**',
      'checks/agents/**',
      'checks/conformance/**',
      'examples/compare/**',
    ],
  },
  tseslint.configs.strict,
  tseslint.configs.stylistic,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Overloads whose pages differ are two doors.
      '@typescript-eslint/unified-signatures': ['error', { ignoreOverloadsWithDifferentJSDoc: true }],
      // `import { type A }` still loads the module; `import type { A }` does not.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    },
  },
  {
    files: ['packages/*/src/**'],
    rules: {
      // See docs/decisions/profiles.md, "An answer that stayed in memory".
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ':function AssignmentExpression[left.type="MemberExpression"][right.type=/^(Arrow)?FunctionExpression$/]',
          message:
            'V8 treats a function that is assigned to a property as long-lived, and keeps everything that it captures. Make it a field of its class, or assign a constant.',
        },
        { selector: 'ExportAllDeclaration', message: 'Write every name out: `export *` hides what is public.' },
        {
          selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
          message: 'Export it by its name: a default export has none.',
        },
      ],
    },
  },
)
