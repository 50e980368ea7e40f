import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Real daemons of Debian, started by hand in a temporary folder on free loopback ports and ended by their process id. Each
 * is identified twice: on its odd port, and as if it stood on its usual one (the dialer maps the port).
 */
export interface Daemon {
  readonly name: string;
  /** Debian package: its upstream version must be what is found, where `version` says so. */
  readonly dpkg: string;
  readonly program: string;
  readonly usualPort: number;
  readonly protocol?: 'udp';
  /** What the facts must say of TLS; `starttls` also means that its certificate was seen. */
  readonly tunnel?: 'tls' | 'starttls';
  /** The probe that must name it on its usual port. */
  readonly proves: string;
  /** Further Debian packages that the start needs. */
  readonly needs?: readonly string[];
  /** It ends with its standard input, which is therefore kept open. */
  readonly readsInput?: true;
  /** It knows one port only: it runs in a network of its own, and a relay leads to it. */
  readonly ownNetwork?: true;
  /** Its protocol is tried on its usual port alone, so it is not looked for on an odd one. */
  readonly usualPortOnly?: true;
  readonly start: (
    port: number,
    folder: string,
  ) => { args: readonly string[]; env?: Record<string, string>; user?: string };
  /** Whether it deals with questions by now, where it listens before it does; asked until it is so. */
  readonly ready?: (folder: string) => boolean;
  readonly service: string;
  readonly product?: string;
  readonly version?: true;
}

/** Writes a configuration file and gives its path. */
export function write(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Makes a folder in a folder and gives its path. */
export function mkdirIn(folder: string, name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name);
}

/** Subject of the certificates that `certificate` makes. */
export const certificateSubject = 'CN=lab.test';

/** Makes `c.pem` and `k.pem` in the folder: a self-signed certificate for lab.test. Readable by daemons that leave root. */
export function certificate(
  folder: string,
  key: readonly string[] = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
): void {
  const names = ['-subj', '/CN=lab.test', '-addext', 'subjectAltName=DNS:lab.test,IP:127.0.0.1'];
  const files = ['-keyout', join(folder, 'k.pem'), '-out', join(folder, 'c.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', ...key, '-nodes', '-days', '2', ...names, ...files], {
    stdio: 'ignore',
  });
  chmodSync(join(folder, 'k.pem'), 0o644);
}

/** Start of a program behind xinetd, which hands it each connection as standard input and output. */
export function behindXinetd(program: string, args = '', user = 'root'): Daemon['start'] {
  return (port, folder) =>
    xinetd(
      folder,
      `port = ${port}\nuser = ${user}\nserver = ${program}\nserver_args = ${args.replaceAll('FOLDER', folder)}`,
    );
}

/** Start of a service that xinetd has inside. */
export function insideXinetd(name: string): Daemon['start'] {
  return (port, folder) =>
    xinetd(folder, `port = ${port}\nid = ${name}-stream\ntype = INTERNAL UNLISTED\nuser = root`, name);
}

function xinetd(folder: string, lines: string, name = 'picket') {
  const unlisted = lines.includes('type =') ? '' : 'type = UNLISTED\n';
  const text = `service ${name}\n{\n${unlisted}${lines}\nsocket_type = stream\nprotocol = tcp\nwait = no\nbind = 127.0.0.1\ndisable = no\n}\n`;
  return { args: ['-dontfork', '-f', write(folder, 'xinetd.conf', text), '-pidfile', join(folder, 'pid')] };
}
