import { describe, expect, test } from 'vitest';
import type { CompiledCheck } from '../check.ts';
import { compileCheck } from '../compile-check.ts';
import { linkWorkflow, type WorkflowPack } from './link-workflow.ts';
import { usesVariable } from './variables-used.ts';

const head = (id: string, tags = 'none') => `id: ${id}\ninfo:\n  name: ${id}\n  severity: low\n  tags: ${tags}\n`;
const page = (path = '/') =>
  `http:\n  - path: ["{{BaseURL}}${path}"]\n    matchers:\n      - type: word\n        words: [x]\n`;

function compiled(source: string): CompiledCheck {
  const result = compileCheck(source);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function whats(workflows: string): string[] {
  const result = compileCheck(`${head('w')}workflows:\n${workflows}`);
  return result.ok ? [] : result.error.problems.map(({ kind, what }) => `${kind} ${what}`);
}

/** A pack of these files, and what linking the workflow of these steps says. */
function link(steps: string, files: Readonly<Record<string, string>>, path = 'workflows/w.yaml') {
  const pack: WorkflowPack = {
    paths: Object.keys(files),
    load: (file) => {
      const result = compileCheck(files[file] ?? '');
      return result.ok ? result.value : result.error.problems;
    },
  };
  const linked = linkWorkflow(compiled(`${head('w')}workflows:\n${steps}`), path, pack);
  return 'steps' in linked
    ? linked.steps.map(({ parts }) => parts.map(({ id }) => id).join(' '))
    : linked.map(({ what, message }) => `${what} ${message}`);
}

describe('the steps of a workflow', () => {
  test('are compiled with all levels and both forms of lists', () => {
    const { workflow, protocols } = compiled(
      `${head('w')}workflows:\n  - template: a.yaml\n    matchers:\n      - name: [m, n]\n        condition: and\n        subtemplates:\n          - tags: b, C\n  - tags: [d]\n    subtemplates:\n      - template: e/\n`,
    );
    expect(protocols).toEqual([]);
    expect(workflow).toEqual([
      {
        parts: { path: 'a.yaml' },
        matchers: [{ names: ['m', 'n'], all: true, next: [{ parts: { tags: ['b', 'c'] }, matchers: [], next: [] }] }],
        next: [],
      },
      { parts: { tags: ['d'] }, matchers: [], next: [{ parts: { path: 'e/' }, matchers: [], next: [] }] },
    ]);
  });

  test.each([
    ['an absolute path', '  - template: /etc/a.yaml\n', 'unsupported workflow:path'],
    ['a path of a home folder', '  - template: ~/a.yaml\n', 'unsupported workflow:path'],
    ['a path of a drive', '  - template: C:\\a.yaml\n', 'unsupported workflow:path'],
    ['a path that leads out', '  - template: a/../../b.yaml\n', 'unsupported workflow:path'],
    ['a pattern', '  - template: a/*.yaml\n', 'unsupported workflow:path'],
    ['a step without parts', '  - subtemplates:\n      - tags: a\n', 'syntax value'],
    ['a step with both kinds of parts', '  - template: a.yaml\n    tags: b\n', 'syntax value'],
    ['an unknown field', '  - template: a.yaml\n    shape: round\n', 'unsupported field:shape'],
    [
      'matchers beside subtemplates',
      '  - template: a.yaml\n    matchers:\n      - name: m\n    subtemplates:\n      - tags: b\n',
      'unsupported workflow:both',
    ],
    ['a matcher without a name', '  - template: a.yaml\n    matchers:\n      - subtemplates: []\n', 'syntax value'],
    ['requests of its own', `  - tags: a\n${page()}`, 'unsupported workflow:requests'],
    ['too many steps', '  - tags: a\n'.repeat(501), 'unsupported workflow:size'],
  ])('are refused for %s', (_what, steps, expected) => {
    expect(whats(steps)).toContain(expected);
  });
});

describe('linking a workflow', () => {
  const files = {
    'http/a.yaml': head('a', 'red') + page(),
    'http/b.yaml': head('b', 'red,blue') + page(),
    'workflows/own.yaml': head('own') + page(),
    'workflows/w.yaml': `${head('w', 'red')}workflows:\n  - tags: red\n`,
    'bad/c.yaml': `${head('c', 'red')}${page()}    shape: round\n`,
    'file/d.yaml': `${head('d', 'red')}file:\n  - extensions: [all]\n    matchers:\n      - type: word\n        words: [x]\n`,
  };

  test.each([
    ['a template by its path from the top of the pack', 'template: http/a.yaml', 'a'],
    ['a template beside the workflow', 'template: ./own.yaml', 'own'],
    ['all of a folder', 'template: http', 'a b'],
    ['those that have one of the tags, but workflows and what looks into files', 'tags: red', 'a b'],
  ])('finds %s', (_what, step, ids) => {
    expect(link(`  - ${step}\n`, files)).toEqual([ids]);
  });

  test.each([
    ['a part that is not there', 'template: http/z.yaml', /^workflow:missing .*http\/z\.yaml/],
    ['a tag that nothing has', 'tags: green', /^workflow:missing .*green/],
    ['a part that cannot be run', 'template: bad/c.yaml', /^workflow:part bad\/c\.yaml|shape/],
    ['itself', 'template: workflows/w.yaml', /^workflow:part .*is a workflow/],
    ['a part that looks into files', 'template: file/d.yaml', /^workflow:part .*looks into files/],
  ])('says what is wrong with %s', (_what, step, words) => {
    expect(link(`  - ${step}\n`, files)).toEqual([expect.stringMatching(words)]);
  });

  test('names what of a folder cannot be run', () => {
    const pack = { paths: ['x/a.yaml', 'x/c.yaml'], load: (path: string) => load(path) };
    const load = (path: string) => (path === 'x/a.yaml' ? compiled(files['http/a.yaml']) : [{ message: 'no' }]);
    const linked = linkWorkflow(compiled(`${head('w')}workflows:\n  - template: x/\n`), 'w.yaml', pack);
    expect('steps' in linked && linked.steps[0]).toMatchObject({ lacking: ['x/c.yaml'] });
    expect('steps' in linked && linked.check.protocols).toEqual(['http']);
  });
});

describe('the variables that a program uses', () => {
  const sent = head('a') + page('/{{token}}');
  test.each([
    ['a request', sent],
    ['a matcher', (head('a') + page()).replace('[x]', '["{{token}}"]')],
    ['a variable of its own', `${head('a')}variables:\n  own: "{{token}}"\n${page()}`],
  ])('are seen in %s', (_where, source) => {
    expect(usesVariable(compiled(source).program(), new Set(['token']))).toBe(true);
    expect(usesVariable(compiled(source).program(), new Set(['other']))).toBe(false);
  });
});
