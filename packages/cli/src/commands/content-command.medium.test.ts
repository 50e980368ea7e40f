import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startExampleServer } from '@picket/engine/content-testing/example-server';
import { afterEach, describe, expect, it } from 'vitest';
import { exitCode } from '../exit-code.ts';
import { contentCommand } from './content-command.ts';

const shipped = join(import.meta.dirname, '../../../../content');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'picket-content-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function run(...args: string[]): Promise<{ code: number; text: string; errors?: string }> {
  let text = '';
  let errors = '';
  let code = -1;
  const output = {
    out: (more: string) => void (text += more),
    err: (more: string) => void (errors += more),
    interactive: false,
    columns: 80,
  };
  const end = (value: number) => {
    code = value;
  };
  await contentCommand(output, end, new AbortController().signal).parseAsync(args, { from: 'user' });
  return { code, text, ...(errors === '' ? {} : { errors }) };
}

const head = (id: string) => `id: ${id}\ninfo:\n  name: ${id}\n  severity: low\n`;
const page = '  - path: ["{{BaseURL}}/"]\n    matchers:\n      - type: word\n        words: [hello]\n';
const good = (id: string) => `${head(id)}http:\n${page}`;

describe('picket content lint', () => {
  it('names file, line, problem and way out of each fault in a plain tree, and ends with 1', async () => {
    const folder = folderWith({
      'http/a.yaml': good('a'),
      'http/b.yaml': `${good('b')}    race-the-moon: true\n`,
      'http/c.yaml': 'id: [',
      'http/d.yaml': good('a'),
      '.github/workflow.yaml': 'on: push\n',
    });
    const { code, text } = await run('lint', folder);
    expect(code).toBe(exitCode.findings);
    const [field, yaml, duplicate, totals] = text.split('\n');
    expect(field).toMatch(/http\/b\.yaml:10: http\[0\]\.race-the-moon: this field is not supported\. Remove the field/);
    expect(yaml).toMatch(/http\/c\.yaml:1: .* Put the YAML right/);
    expect(duplicate).toMatch(/http\/d\.yaml: id: "a" is the id of http\/a\.yaml too\. Give one/);
    expect(totals).toBe('4 templates, 3 problems in 3 files');
  });

  it('wants examples and the name of the file as id in content of ours', async () => {
    const folder = folderWith({
      'manifest.json': '{"name":"x","version":"20260101.1","engineLevel":1}',
      'checks/web/a.yaml': good('b'),
    });
    const { code, text } = await run('lint', folder, '--json');
    const faults = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(exitCode.findings);
    expect(faults.map((fault) => [fault.file, fault.what])).toEqual([
      ['checks/web/a.yaml', 'name'],
      ['checks/web/a.examples.yaml', 'examples'],
    ]);
  });

  it('finds nothing wrong in the content that is shipped', async () => {
    const { code, text } = await run('lint', shipped);
    expect(text).toMatch(/^\d+ templates, 0 problems in 0 files\n$/);
    expect(code).toBe(exitCode.clean);
  });

  it('says so when the folder is not there or holds no template', async () => {
    await expect(run('lint', '/nonexistent')).rejects.toThrow("/nonexistent can't be read");
    await expect(run('lint', folderWith({}))).rejects.toThrow('There is no template');
  });
});

describe('picket content coverage', () => {
  const broken = {
    'a.yaml': good('a'),
    'b.yaml': `${head('b')}headless:\n  - steps: []\n`,
    'c.yaml': good('c').replace('word\n', 'colour\n'),
    'd.yaml': 'just: text',
    'e.yaml': good('e').replace('- path', '- method: PUT\n    path'),
  };

  it('counts what is loaded, compiled and runnable, with a reason for each of the rest', async () => {
    const { code, text } = await run('coverage', folderWith(broken), '--json');
    const coverage = JSON.parse(text);
    expect(code).toBe(exitCode.findings);
    expect(coverage).toMatchObject({ total: 5, loaded: 4, compiled: 3, runnable: 2, unverified: 0 });
    expect(coverage.intrusive).toEqual([{ id: 'e', reasons: ['uses PUT'] }]);
    expect(
      coverage.notRunnable.map((each: { id: string; reasons: unknown[] }) => [each.id, each.reasons.length > 0]),
    ).toEqual([
      ['b', true],
      ['c', true],
      ['d', true],
    ]);
  });

  it('groups the reasons in a table for people', async () => {
    const { text } = await run('coverage', folderWith(broken));
    expect(text).toMatch(/runnable +2\/5 \(40\.0 %\)/);
    expect(text).toMatch(/protocol:headless +1 +b/);
  });

  it('ends with 0 when every template can be run', async () => {
    expect((await run('coverage', folderWith({ 'a.yaml': good('a') }))).code).toBe(exitCode.clean);
  });
});

describe('workflows and templates that look into files', () => {
  const flow = (part: string) => `${head('w')}workflows:\n  - template: ${part}\n`;
  const files = `${head('f')}file:\n  - extensions: [all]\n    extractors:\n      - type: regex\n        regex: ["key=[a-z]+"]\n`;

  it('are counted as runnable when their parts are, and lint says what is wrong with which line', async () => {
    const folder = folderWith({
      'http/a.yaml': good('a'),
      'workflows/w.yaml': flow('http/a.yaml'),
      'workflows/x.yaml': flow('http/gone.yaml').replace('id: w', 'id: x'),
      'file/f.yaml': files,
    });
    const coverage = JSON.parse((await run('coverage', folder, '--json')).text);
    expect(coverage).toMatchObject({ total: 4, compiled: 4, runnable: 3, onFiles: ['f'] });
    expect(coverage.notRunnable).toMatchObject([{ id: 'x', reasons: [{ what: 'workflow:missing' }] }]);
    const { text } = await run('lint', folder);
    expect(text).toMatch(
      /workflows\/x\.yaml:6: workflows\[0\]: the pack has no template and no folder http\/gone\.yaml\. Name/,
    );
  });

  it('are run by hand: the finding of a workflow names its part, that in a file names the file', async () => {
    const folder = folderWith({ 'http/a.yaml': good('a'), 'workflows/w.yaml': flow('http/a.yaml') });
    const server = await startExampleServer({ protocol: 'http', routes: [{ body: 'hello' }] });
    const target = `127.0.0.1:${server.port}`;
    try {
      const workflow = join(folder, 'workflows/w.yaml');
      const { code, text } = await run('run', '--template', workflow, '--target', target);
      expect([code, text]).toEqual([exitCode.findings, expect.stringMatching(/^w \[w, low\] on .*\nFOUND \[a, low\]/)]);
      const elsewhere = await run('run', '--template', workflow, '--target', target, '--pack', folderWith({}));
      expect(elsewhere).toMatchObject({ code: exitCode.usage, errors: expect.stringContaining('http/a.yaml') });
    } finally {
      await server.close();
    }
    const data = folderWith({ 'in/one.conf': 'key=abc', 'in/two.conf': 'nothing' });
    const template = join(folderWith({ 'f.yaml': files }), 'f.yaml');
    const found = await run('run', '--template', template, '--target', join(data, 'in'), '--json');
    const document = JSON.parse(found.text);
    expect(document).toMatchObject({ path: join(data, 'in'), verdict: 'found' });
    expect(document.findings).toMatchObject([
      { check: 'f', instance: 'one.conf', evidence: { extracted: ['key=abc'] } },
    ]);
    expect(document.findings[0]).not.toHaveProperty('address');
    const passed = await run('run', '--template', template, '--target', join(data, 'in/two.conf'));
    expect(passed).toMatchObject({ code: exitCode.clean, text: expect.stringContaining('PASSED') });
    const nowhere = await run('run', '--template', template, '--target', join(data, 'gone'));
    expect(nowhere).toMatchObject({ code: exitCode.usage, errors: expect.stringContaining('no file or folder') });
  });
});

describe('picket content test', () => {
  const examples = (body: string) =>
    `examples:\n  - title: the weak one\n    expect: match\n    server: { protocol: http, routes: [{ body: "${body}" }] }\n` +
    '  - title: the good one\n    expect: none\n    server: { protocol: http, routes: [{ body: bye }] }\n';

  it('runs a check against its examples and counts', async () => {
    const folder = folderWith({ 'a.yaml': good('a'), 'a.examples.yaml': examples('hello') });
    expect(await run('test', folder)).toEqual({ code: exitCode.clean, text: '2/2 examples passed\n' });
  });

  it('says which example came out otherwise, and what of a folder has none', async () => {
    const folder = folderWith({ 'a.yaml': good('a'), 'a.examples.yaml': examples('hullo'), 'b.yaml': good('b') });
    const { code, text } = await run('test', folder);
    expect(code).toBe(exitCode.findings);
    expect(text).toMatch(/a +the weak one +expected a finding, got passed/);
    expect(text).toMatch(/b +has examples +there is no file b\.examples\.yaml/);
    expect(text).toContain('1/3 examples passed');
  });

  it('runs one check of the shipped content alone, with the traps on request', async () => {
    const { code, text } = await run('test', shipped, '--only', 'redis-unauthenticated', '--traps');
    expect(text).toMatch(/^(\d+)\/\1 examples passed\n$/);
    expect(code).toBe(exitCode.clean);
    await expect(run('test', shipped, '--only', 'no-such-check')).rejects.toThrow('There is no check "no-such-check"');
  });
});

describe('picket content run', () => {
  async function withServer(body: string, work: (target: string) => Promise<void>): Promise<void> {
    const server = await startExampleServer({ protocol: 'http', routes: [{ body }] });
    try {
      await work(`127.0.0.1:${server.port}`);
    } finally {
      await server.close();
    }
  }
  const template = (text: string) => join(folderWith({ 'a.yaml': text }), 'a.yaml');

  it('shows verdict and evidence, and ends with 1 when something was found', () =>
    withServer('hello, DB_PASSWORD=hunter2', async (target) => {
      const { code, text } = await run('run', '--template', template(good('a')), '--target', target);
      expect(code).toBe(exitCode.findings);
      expect(text).toMatch(/^a \[a, low\] on 127\.0\.0\.1 port \d+\nFOUND/);
      expect(text).toMatch(/GET \/ HTTP\/1\.1/);
      expect(text).not.toContain('hunter2');
    }));

  it('says passed when it was asked and answered, as JSON too', () =>
    withServer('bye', async (target) => {
      const { code, text } = await run('run', '--template', template(good('a')), '--target', target, '--json');
      expect(JSON.parse(text)).toMatchObject({ template: 'a', verdict: 'passed', findings: [], intrusive: [] });
      expect(code).toBe(exitCode.clean);
    }));

  it('hears calls of a target on this machine', async () => {
    const server = createServer((request, response) => {
      const place = /http:\/\/\S+/.exec(decodeURIComponent(request.url ?? ''))?.[0];
      if (place !== undefined) get(place, (answer) => answer.resume()).on('error', () => {});
      response.end('thanks');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const calls = template(`id: calls
info: { name: Calls, author: x, severity: low }
http:
  - method: GET
    path: ["{{BaseURL}}/?u=http://{{interactsh-url}}"]
    matchers:
      - { type: word, part: interactsh_protocol, words: [http] }
`);
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, text } = await run('run', '--template', calls, '--target', target);
    server.close();
    expect(text).toContain('FOUND');
    expect(code).toBe(exitCode.findings);
  });

  it('says why it could not tell, and does not run what is not safe', () =>
    withServer('hello', async (target) => {
      const put = template(good('a').replace('- path', '- method: PUT\n    path'));
      const { code, text } = await run('run', '--template', put, '--target', target);
      expect(code).toBe(exitCode.incomplete);
      expect(text).toMatch(/NOT EVALUABLE: check-not-allowed: uses PUT\n.*--intrusive/);
      expect((await run('run', '--template', put, '--target', target, '--intrusive')).code).toBe(exitCode.findings);
      const closed = await run('run', '--template', template(good('a')), '--target', '127.0.0.1:1');
      expect(closed.text).toContain('NOT EVALUABLE: connection-failed');
    }));

  it.each([
    ['8.8.8.8:80', good('a'), '--authorized'],
    ['224.0.0.1:80', good('a'), 'multicast'],
    ['no-such-host.invalid:80', good('a'), 'does not resolve'],
    ['x y', good('a'), 'is no target'],
    ['127.0.0.1', `${good('a')}    race-the-moon: true\n`, 'race-the-moon'],
  ])('sends nothing to %s when template or target are refused, and ends with 2', async (target, text, words) => {
    const done = await run('run', '--template', template(text), '--target', target);
    expect(done).toMatchObject({ code: exitCode.usage, text: '' });
    expect(done.errors?.toLowerCase()).toContain(words);
  });

  it('stays within the local allow-list', () =>
    withServer('hello', async (target) => {
      const list = join(folderWith({ list: '10.0.0.0/8\n' }), 'list');
      const done = await run('run', '--template', template(good('a')), '--target', target, '--allow-list', list);
      expect(done.text).toContain('NOT EVALUABLE: scope-denied');
    }));
});
