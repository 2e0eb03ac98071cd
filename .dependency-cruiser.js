/**
 * What the `src` of a package may import from other packages. Imports point to the left:
 * core ← protocol-* ← provider-* ← router ← rivulet ← gateway ← cli, apps.
 *
 * Testkit is in no list: only tests, checks, bench, apps and examples import it. Those may import anything. The simulator answers
 * where no provider is configured, so the command may import it, too.
 * A new kind of package is one line here. Each key and each name is a regular expression.
 */
const MAY_IMPORT = {
  core: [],
  'protocol-[^/]+': ['core'],
  'provider-[^/]+': ['core', 'protocol-[^/]+'],
  // Groups take any Provider, so they import none.
  router: ['core'],
  rivulet: ['core', 'protocol-[^/]+', 'provider-[^/]+', 'router'],
  gateway: ['core', 'protocol-[^/]+'],
  'ai-sdk': ['core'],
  cli: ['core', 'protocol-[^/]+', 'provider-[^/]+', 'router', 'rivulet', 'gateway', 'ai-sdk', 'simulator'],
  testkit: ['core', 'protocol-[^/]+'],
  simulator: ['core', 'protocol-[^/]+'],
}

const ANY_PACKAGE = '^(packages|apps|checks|bench|examples)/'

const error = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    error(
      'no-circle',
      'Move what both files need into a file that imports neither. Type imports count: such files can only be read together.',
      { pathNot: '^packages/[^/]+/test/' },
      { circular: true },
    ),
    error(
      'no-unresolved-import',
      'Declare the package in package.json, and import only what its exports name: there are no deep imports.',
      {},
      { couldNotResolve: true },
    ),
    error(
      'no-import-by-path',
      'Import another package by its name, so that its exports decide what is public.',
      { path: '^packages/([^/]+)/src/' },
      { path: ANY_PACKAGE, pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    ),
    error(
      'no-undeclared-import',
      'Add the package to dependencies or peerDependencies: what is shipped does not get the devDependencies.',
      { path: '^packages/[^/]+/src/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm', 'npm-peer'] },
    ),
    error(
      'no-untested-package',
      'Write a test that imports the package: it is specified by its tests.',
      { path: '[.]test[.]ts$' },
      { path: '^packages/[^/]+/src/index[.]ts$', reachable: false },
    ),
    error(
      'no-package-in-scripts',
      'Scripts check the packages from outside: take the fact from the file system, or move the script to checks/.',
      { path: '^scripts/' },
      { path: ANY_PACKAGE },
    ),
    ...Object.entries(MAY_IMPORT).map(([name, others]) =>
      error(
        `imports-of-${name.replace('[^/]+', '*')}`,
        `It may import ${others.join(', ').replaceAll('[^/]+', '*') || 'no other package'}. Move the code to the left, or take it as an argument.`,
        { path: `^packages/(${name})/src/` },
        { path: ANY_PACKAGE, pathNot: [`^packages/$1/`, ...others.map((other) => `^packages/${other}/`)] },
      ),
    ),
    error(
      'no-unknown-package',
      'A new kind of package needs a line in MAY_IMPORT of .dependency-cruiser.js.',
      { path: '^packages/', pathNot: Object.keys(MAY_IMPORT).map((name) => `^packages/${name}/`) },
      {},
    ),
  ],
  options: {
    // Type imports count, too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@rivulet/source', 'node', 'import', 'types', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: '(^|/)(dist|coverage|fixtures|templates|public)/|^(checks/(agents|conformance)|bench/competitors|examples/compare)/',
    },
  },
}
