import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { certificate, type Daemon, write } from '../../services/testing/daemon.ts';
import { networkDaemons } from '../../services/testing/network-daemons.ts';
import { type RunningDaemon, runDaemon } from '../../services/testing/run-daemon.ts';
import { runTemplate, scriptTemplate } from '../../testing/run-template.ts';

const running = new Map<string, Promise<RunningDaemon>>();
const folders = new Map<string, string>();
afterAll(async () => {
  for (const daemon of running.values()) await (await daemon).stop();
});

/** Exim that deals with recipients by these rules of its language. */
async function exim(rules: string): Promise<number> {
  const usual = networkDaemons.find(({ name }) => name === 'exim');
  if (!usual) throw new Error('there is no such daemon');
  const daemon: Daemon = { ...usual, name: `exim ${rules}`, start: (port, folder) => start(rules, port, folder) };
  const started = running.get(rules) ?? runDaemon(daemon);
  running.set(rules, started);
  return (await started).port;
}

function start(rules: string, port: number, folder: string) {
  folders.set(rules, folder);
  certificate(folder);
  const lines = [
    `spool_directory = ${folder}`,
    `log_file_path = ${folder}/%slog`,
    `tls_certificate = ${folder}/c.pem`,
    `tls_privatekey = ${folder}/k.pem`,
    'primary_hostname = mail.lab.test',
    'tls_advertise_hosts = *',
    'host_lookup =',
    'rfc1413_query_timeout = 0s',
    'keep_environment =',
    'acl_smtp_rcpt = recipients',
    'begin acl',
    'recipients:',
    rules,
    '',
  ];
  const file = write(folder, 'exim.conf', lines.join('\n'));
  return { args: ['-bdf', '-oX', `127.0.0.1.${port}`, '-oP', join(folder, 'pid'), '-C', file] };
}

/** Lines of a server's log that tell of a message that it has taken (`<=`). */
function taken(rules: string): readonly string[] {
  const log = join(folders.get(rules) ?? '', 'mainlog');
  return existsSync(log)
    ? readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.includes(' <= '))
    : [];
}

const relay = (to: string) =>
  `const smtp = require("nuclei/smtp"); const m = new smtp.SMTPMessage(); m.From("probe@picket.invalid"); m.To("${to}"); m.Subject("hello"); m.Body("hello");
const c = new smtp.Client(Host, Port); c.IsOpenRelay(m)`;

async function finds(rules: string, code: string, expression = 'response == true') {
  const matcher = `    matchers:\n      - type: dsl\n        dsl: ['${expression}']\n`;
  const outcome = await runTemplate(scriptTemplate(code, matcher), { port: await exim(rules) });
  return { found: outcome.matches.length > 0, failure: outcome.failure };
}

const open = '  accept';
const closed = '  accept domains = lab.test\n  deny message = relay not permitted';
const later = '  defer message = greylisted';

describe('a client of Exim', () => {
  it('finds an open relay, and leaves nothing with it', async () => {
    expect(await finds(open, relay('someone@elsewhere.example'))).toEqual({ found: true, failure: null });
    expect(taken(open)).toEqual([]);
  });

  it('finds none where the server refuses recipients of other domains', async () => {
    expect(await finds(closed, relay('someone@elsewhere.example'))).toEqual({ found: false, failure: null });
  });

  it('has not asked where the recipient is of the server, or the server puts it off', async () => {
    const undecided = (reason: string, detail: string) => ({
      found: false,
      failure: { reason, detail: expect.stringContaining(detail) },
    });
    expect(await finds(closed, relay('someone@lab.test'))).toMatchObject(undecided('check-unsupported', 'outside'));
    expect(await finds(later, relay('someone@elsewhere.example'))).toMatchObject(
      undecided('connection-failed', 'greylisted'),
    );
  });

  it('tells that it speaks SMTP, and its first words', async () => {
    const code =
      'const r = new (require("nuclei/smtp").Client)(Host, Port).IsSMTP(); Export(r.IsSMTP + " " + r.Banner)';
    const words = 'regex("^true mail.lab.test ESMTP Exim 4", response)';
    expect(await finds(closed, code, words)).toEqual({ found: true, failure: null });
  });
});
