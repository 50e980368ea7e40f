import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileCheck } from './compile-check.ts';
import { safetyRules } from './safety-rules.ts';

const head = 'id: example\ninfo:\n  name: Example\n  severity: high\n';

function verdict(body: string): readonly string[] {
  const compiled = compileCheck(head + body);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value.intrusive;
}

const get = (path: string) => `http:\n  - path: ['{{BaseURL}}${path}']\n`;
const post = (path: string, body: string) =>
  `http:\n  - method: POST\n    path: ['{{BaseURL}}${path}']\n    body: '${body}'\n`;
const script = (call: string) =>
  `javascript:\n  - code: |\n      const c = new (require("nuclei/smb").SMBClient)(); Export(${call})\n    args: { Host: "{{Host}}", Port: "445" }\n`;

describe('the safety rules', () => {
  it.each([
    [
      'a method that changes',
      `http:\n  - raw:\n      - |\n        MOVE /a HTTP/1.1\n        Destination: /b\n\n`,
      'uses MOVE',
    ],
    ['an upload', post('/x', 'Content-Disposition: form-data; name="f"; filename="a.txt"'), 'uploads a file'],
    ['a form that saves', post('/index.php', 'action=save_item&id=1'), 'writes on the target'],
    ['a query that installs', get('/index.php?task=install'), 'writes on the target'],
    ['an export of a query', get('/?id=1 UNION SELECT 1 INTO OUTFILE "/x"'), 'writes on the target'],
    ['a form that deletes', post('/ajax', 'op=delete_all'), 'deletes on the target'],
    ['a new account', post('/api/users', '{"createUser":"x"}'), 'changes accounts'],
    ['a registration', post('/register', 'name=x'), 'changes accounts'],
    ['another password', post('/profile', 'new_password=x'), 'changes accounts'],
    ['other settings', post('/api', '{"method":"setConfig"}'), 'changes settings'],
    ['a restart', post('/system/reboot', ''), 'changes settings'],
    ['a command', get('/?q=;id'), 'sends a command'],
    ['an expression that reaches for a class', get('/?q=${T(java.lang.Object)}'), 'sends a command'],
    ['a PHP object', post('/', 'data=O:8:"stdClass":0:{}'), 'carries a serialised object'],
    ['a Java object', post('/', 'rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA=='), 'carries a serialised object'],
    ['a login', post('/login', 'username=admin&password=admin'), 'tries credentials'],
    [
      'credentials in a field',
      `http:\n  - path: ['{{BaseURL}}/']\n    headers: { Authorization: Basic YTpi }\n`,
      'tries credentials',
    ],
    ['a log-in to list shares', script('c.ListShares(Host, Port, "guest", "")'), 'tries credentials'],
    [
      'a change over TCP',
      `tcp:\n  - host: ['{{Hostname}}']\n    inputs: [{ data: "CONFIG SET dir /tmp" }]\n`,
      'changes settings',
    ],
  ])('see %s', (_what, body, reason) => {
    expect(verdict(body)).toContain(reason);
  });

  it.each([
    ['a page that is called so', get('/admin/users/create')],
    ['a page of settings that is looked at', get('/settings/update')],
    ['arithmetic in an expression', get('/?q=${7*7}')],
    [
      'a Java stream without an object',
      `tcp:\n  - host: ['{{Hostname}}']\n    inputs: [{ data: "4a524d49aced000577220000", type: hex }]\n`,
    ],
    ['the login page', get('/login?next=/')],
    ['a null session', script('c.ListShares(Host, Port, "", "")')],
    ['a search', post('/search', 'q=updated&page=1')],
    ['a question over TCP', `tcp:\n  - host: ['{{Hostname}}']\n    inputs: [{ data: "CONFIG GET dir" }]\n`],
  ])('let %s pass', (_what, body) => {
    expect(verdict(body)).toEqual([]);
  });

  it('stand in the manual, each with what it looks for, and no other', () => {
    const page = readFileSync(new URL('../../../docs/content.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z]+)` \| (.+) \|$/gm)].map(([, id, help]) => [id, help]);
    expect(rows).toEqual(Object.entries(safetyRules).map(([id, { help }]) => [id, help]));
  });
});
