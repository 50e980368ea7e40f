import { type AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { runTemplate } from '../../testing/run-template.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function serve(pages: Readonly<Record<string, string>>): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(pages[request.url ?? ''] ?? '');
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, asked };
}

const template = (flow: string) => `id: tried
info:
  name: Tried
  severity: low
flow: |
${flow
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
http:
  - method: GET
    path: ["{{BaseURL}}/"]
    extractors:
      - { type: regex, name: names, internal: true, regex: ['[a-z]+'] }
  - method: GET
    path: ["{{BaseURL}}/user/{{name}}"]
    matchers:
      - { type: word, words: [Welcome] }
`;

it('runs blocks for each value that an earlier one found', async () => {
  const { port, asked } = await serve({ '/': 'ann bob', '/user/ann': 'Welcome', '/user/bob': 'no' });
  const flow = 'http(1)\nfor (const name of iterate(template["names"])) {\n  set("name", name)\n  http(2)\n}';
  const outcome = await runTemplate(template(flow), { port });
  expect(asked).toEqual(['/', '/user/ann', '/user/bob']);
  expect(outcome.matches).toHaveLength(1);
});

it('lets a script decide by what matched', async () => {
  const { port, asked } = await serve({ '/': 'ann', '/user/x': 'Welcome' });
  const outcome = await runTemplate(template('set("name", "x");\nif (http(2)) { log("found") } else { http(1) }'), {
    port,
  });
  expect(asked).toEqual(['/user/x']);
  expect(outcome).toMatchObject({ matches: [{}], failure: null });
});

it('is not evaluable when its script fails or goes on for ever', async () => {
  const { port } = await serve({});
  expect((await runTemplate(template('nothing()'), { port })).failure).toMatchObject({ reason: 'check-unsupported' });
  expect((await runTemplate(template('while (true) {}'), { port })).failure).toMatchObject({ reason: 'local-limit' });
});
