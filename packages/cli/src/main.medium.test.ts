import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../bin/picket.mjs', import.meta.url));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function picket(args: readonly string[], interruptWhen?: RegExp): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    let interrupted = false;
    const look = () => {
      if (interrupted || !interruptWhen?.test(out + err)) return;
      interrupted = true;
      child.kill('SIGINT');
    };
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      look();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
      look();
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

describe('picket on the command line', () => {
  let server: Server;
  let port = 0;
  const folder = mkdtempSync(join(tmpdir(), 'picket-cli-'));

  beforeAll(async () => {
    server = createServer((socket) => {
      // A scanner hangs up as it likes.
      socket.on('error', () => {});
      socket.end('220 ready\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = address !== null && typeof address === 'object' ? address.port : 0;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds an open port, writes all formats and says in its exit code that nothing was wrong', async () => {
    const file = (name: string) => join(folder, name);
    const outputs = [
      '--output',
      'json',
      file('a.json'),
      '--output',
      'nmap-xml',
      file('a.xml'),
      '--output',
      'grepable',
      file('a.gnmap'),
    ];
    const run = await picket([
      'scan',
      '127.0.0.1',
      '--ports',
      `${port}`,
      '--no-checks',
      '--profile',
      'lab',
      ...outputs,
    ]);
    expect(run.err).not.toContain('picket:');
    expect(run.code).toBe(0);
    expect(run.out).toContain(`${port}/tcp`);
    expect(JSON.parse(readFileSync(file('a.json'), 'utf8')).hosts[0].ports[0].port).toBe(port);
    expect(readFileSync(file('a.xml'), 'utf8')).toContain(`portid="${port}"`);
    expect(readFileSync(file('a.gnmap'), 'utf8')).toContain(`${port}/open/tcp`);
  });

  it("asks the user's own service probes where it knows no product, and says how many it read", async () => {
    const given = join(folder, 'probes');
    writeFileSync(given, 'Probe TCP NULL q||\nmatch gadget m/^220 ready/ p/Gadget/ v/7/\nmatch odd m/(a)\\1/\n');
    const args = [
      'scan',
      '127.0.0.1',
      '--ports',
      `${port}`,
      '--no-checks',
      '--profile',
      'lab',
      '--service-probes',
      given,
    ];
    const run = await picket(args);
    expect(run.err).toContain("service probes given: 1, with 1 usable matches; 1 lines can't be used");
    expect(run.out).toMatch(/Gadget 7/);
    expect((await picket([...args.slice(0, -1), '/nonexistent'])).err).toContain("/nonexistent can't be read");
  });

  it('runs the templates of a further folder, and names those that are not safe or look into files and were left out', async () => {
    const templates = mkdtempSync(join(tmpdir(), 'picket-templates-'));
    const web = createHttpServer((_request, response) => response.end('hello there'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const address = web.address();
    const webPort = address !== null && typeof address === 'object' ? address.port : 0;
    const template = (id: string, method: string) =>
      `id: ${id}\ninfo:\n  name: ${id}\n  severity: low\nhttp:\n  - method: ${method}\n    path: ["{{BaseURL}}/"]\n    matchers:\n      - type: word\n        words: [hello]\n`;
    writeFileSync(join(templates, 'a.yaml'), template('greets', 'GET'));
    writeFileSync(join(templates, 'b.yaml'), template('changes', 'PUT'));
    const files = template('looks', 'GET').replace(
      /http:[^]*?    matchers/,
      'file:\n  - extensions: [all]\n    matchers',
    );
    writeFileSync(join(templates, 'f.yaml'), files);
    writeFileSync(
      join(templates, 't.yaml'),
      template('elsewhere', 'GET').replace(
        /http:[^]*?    matchers/,
        'tcp:\n  - host: ["{{Hostname}}"]\n    port: 1\n    matchers',
      ),
    );
    // Content without checks of its own: the list of what was left out is cut after ten.
    const content = mkdtempSync(join(tmpdir(), 'picket-content-'));
    writeFileSync(join(content, 'manifest.json'), '{"name":"none","version":"20260101.1","engineLevel":1}');
    const args = [
      'scan',
      '127.0.0.1',
      '--ports',
      `${webPort}`,
      '--profile',
      'lab',
      '--content',
      content,
      '--templates',
      templates,
    ];
    const run = await picket(args);
    const told = await picket([...args, '--json']);
    web.close();
    for (const made of [templates, content]) rmSync(made, { recursive: true });
    expect(run.out).toMatch(/low +\d+\/tcp +greets/);
    expect(run.err).toMatch(/content that is not run in this scan: 1 files\n.*f\.yaml: file: it looks into files/);
    expect(run.out).toMatch(/Checks not run, for they are not safe for their target.*: 1\n +1 +uses PUT +changes\n/);
    expect(run.out).toMatch(/Checks without anything to run on here: 1 of 3\./);
    expect(told.out).toContain('"checks":{"installed":3,"withoutPlace":1}');
    expect(told.out).toContain('{"check":"changes","reason":"check-not-allowed","detail":"uses PUT"}');
    expect(run.code).toBe(1);
  });

  it('tells every event as a line of JSON', async () => {
    const run = await picket([
      'scan',
      '127.0.0.1',
      '--ports',
      `${port}`,
      '--no-services',
      '--json',
      '--profile',
      'lab',
    ]);
    const types = run.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect(types).toEqual(expect.arrayContaining(['unit', 'host', 'port', 'end']));
  });

  it('gives a map as data in one line before the end, and as text', async () => {
    const run = await picket(['map', '127.0.0.1', '--json', '--profile', 'lab']);
    const lines = run.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.slice(-2).map((line) => line.type)).toEqual(['map', 'end']);
    expect(lines.at(-2).hosts).toMatchObject([{ address: '127.0.0.1', reason: 'local', network: expect.any(String) }]);
    const text = await picket(['map', '127.0.0.1', '--profile', 'lab']);
    expect(text.out).toMatch(/^Networks:\n/);
    expect(text.out).toMatch(/Hosts:\n {2}127\.0\.0\.1/);
  });

  it('lists in a dry run every probe once, and sends nothing', async () => {
    const run = await picket([
      'scan',
      '127.0.0.1-127.0.0.3',
      '--exclude',
      '127.0.0.2',
      '--ports',
      '1-3',
      '--assume-alive',
      '--dry-run',
      '--json',
    ]);
    const probes = run.out
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line))
      .map((each) => `${each.address}:${each.port}`);
    expect(probes.toSorted()).toEqual([
      '127.0.0.1:1',
      '127.0.0.1:2',
      '127.0.0.1:3',
      '127.0.0.3:1',
      '127.0.0.3:2',
      '127.0.0.3:3',
    ]);
    expect(run.code).toBe(0);
  });

  it.each([
    [['scan', '10.0.0.0/33'], 'from 0 to 32'],
    [['scan', '127.0.0.1', '--ports', 'http'], 'is not a port'],
    [['scan', 'no-such-host.invalid'], 'does not resolve'],
    [['scan', '8.8.8.8'], '--authorized'],
    [['scan', 'fd00::/88'], '1099511627776 addresses'],
    [['scan'], 'missing required argument'],
    [['scan', '127.0.0.1', '--profile', 'wild'], 'Allowed choices'],
    [['scan', '127.0.0.1', '--output', 'pdf', 'x'], 'no output format'],
    [['fly'], 'unknown command'],
  ])('refuses %j with exit code 2 and says "%s"', async (args, text) => {
    const run = await picket(args);
    expect(run.err).toContain(text);
    expect(run.code).toBe(2);
    expect(run.out).toBe('');
  });

  it('ends within moments of Ctrl-C with exit code 3, and names what was not tested', async () => {
    const run = await picket(['scan', '127.0.0.1', '--ports', '1-65535', '--rate', '50', '--json'], /"type":"stats"/);
    expect(run.code).toBe(3);
    expect(run.out).toContain('"state":"cancelled"');
  });

  it('says that this machine has no network helper, and refuses what is no address', async () => {
    const none = await picket(['appliance', 'network', '--socket', '/nonexistent/network.sock', '10.0.0.1']);
    expect(none).toMatchObject({ code: 70, out: '' });
    expect(none.err).toContain('No network helper runs on this machine');
    expect(await picket(['appliance', 'network', 'printer'])).toMatchObject({ code: 2, out: '' });
  });
});
