import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runTemplate } from '../../testing/run-template.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function serve(pages: Readonly<Record<string, string>>): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(pages[request.url ?? ''] ?? 'none');
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, asked };
}

/** A first request with these operators, and one that finds something. */
const template = (operators: string, flow = 'http(1) && http(2)') => `id: tried
info: { name: Tried, severity: low }
flow: ${flow}
http:
  - method: GET
    path: ["{{BaseURL}}/form"]
${operators}
  - method: GET
    path: ["{{BaseURL}}/next"]
    matchers:
      - { type: word, words: [Welcome] }
`;
const token =
  "    extractors:\n      - { type: regex, name: token, internal: true, group: 1, regex: ['token=([0-9]+)'] }";
const matcher = '    matchers:\n      - { type: word, internal: true, words: [Form] }';

describe('a step of a flow without a matcher', () => {
  it('holds when it gave a value for later steps, and does not when it gave none', async () => {
    const gives = await serve({ '/form': 'token=12', '/next': 'Welcome' });
    expect((await runTemplate(template(token), gives)).matches).toHaveLength(1);
    const lacks = await serve({ '/form': 'token=', '/next': 'Welcome' });
    expect(await runTemplate(template(token), lacks)).toMatchObject({ matches: [], failure: null });
    expect(lacks.asked).toEqual(['/form']);
  });

  it('holds when it looks for nothing and is answered', async () => {
    const answers = await serve({ '/next': 'Welcome' });
    expect((await runTemplate(template(''), answers)).matches).toHaveLength(1);
    expect((await runTemplate(template('', 'http(1) && !http(2)'), answers)).matches).toEqual([]);
  });

  it('lets a step with a matcher decide by that alone', async () => {
    const wrong = await serve({ '/form': 'token=12', '/next': 'Welcome' });
    expect((await runTemplate(template(`${token}\n${matcher}`), wrong)).matches).toEqual([]);
    expect(wrong.asked).toEqual(['/form']);
    const right = await serve({ '/form': 'Form token=12', '/next': 'Welcome' });
    expect((await runTemplate(template(`${token}\n${matcher}`), right)).matches).toHaveLength(1);
  });
});
