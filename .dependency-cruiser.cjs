// Import directions: each package may import only the ones listed for it.
const allowed = {
  base: [],
  plan: ['base'],
  contracts: ['base'],
  checks: ['base', 'contracts'],
  ntlm: ['base'],
  engine: ['base', 'contracts', 'plan', 'checks', 'ntlm'],
  outbound: ['base', 'ntlm'],
  platform: ['base', 'contracts', 'plan', 'checks', 'outbound'],
  web: ['base', 'contracts', 'plan'],
  appliance: ['base', 'contracts', 'plan', 'engine', 'outbound'],
  testkit: ['base', 'contracts'],
};
const test = '\\.(test|medium\\.test|large\\.test)\\.tsx?$|/testing/|/bench/|/browser/|/dev/|testing\\.ts$';

/** Signing of messages lives beside their schemas, so outbound may import contracts for it. */
allowed.outbound.push('contracts');

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...Object.entries(allowed).map(([name, targets]) => ({
      name: `direction-${name}`,
      comment: `${name} may import only: ${targets.join(', ') || 'nothing'}`,
      severity: 'error',
      from: { path: `^packages/${name}/src/`, pathNot: test },
      to: { path: '^packages/', pathNot: [`^packages/${name}/`, ...targets.map((target) => `^packages/${target}/`)] },
    })),
    {
      name: 'no-feature-to-feature',
      comment: 'Features of the platform and of the web interface do not import each other.',
      severity: 'error',
      from: { path: '^packages/(platform|web)/src/features/([^/]+)/', pathNot: test },
      to: { path: '^packages/(platform|web)/src/features/', pathNot: '^packages/$1/src/features/$2/' },
    },
    {
      name: 'pure-domain',
      comment: 'Decision code does no I/O.',
      severity: 'error',
      from: { path: '/domain/', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'browser-safe',
      comment: 'base (but its adapters), plan and contracts run in the browser too.',
      severity: 'error',
      from: { path: '^packages/(base|plan|contracts)/src/', pathNot: `${test}|/adapters/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'one-way-to-the-network',
      comment: "Only the engine's adapters open sockets.",
      severity: 'error',
      from: { path: '^packages/engine/src/', pathNot: `${test}|/adapters/|/content-testing/example-server` },
      to: { dependencyTypes: ['core'], path: '^(net|tls|dgram|dns|http|https|http2)' },
    },
    {
      name: 'testkit-in-tests-only',
      severity: 'error',
      from: { path: '^packages/', pathNot: `${test}|^packages/testkit/` },
      to: { path: '^packages/testkit/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Tests may import anything, and hold syntax (using) that the parser does not know yet.
    exclude: { path: ['(^|/)(dist|fixtures)/', '\\.test\\.tsx?$'] },
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
    },
    tsPreCompilationDeps: true,
  },
};
