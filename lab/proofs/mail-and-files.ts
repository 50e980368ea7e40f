import { fileURLToPath } from 'node:url';
import type { Proof, ProofTarget } from './proof.ts';

const smbNegotiate = fileURLToPath(new URL('smb-negotiate.ts', import.meta.url));
const at = (target: ProofTarget, scheme: string, path = '/') => `${scheme}://${target.address}:${target.port}${path}`;
const curl = (...args: readonly string[]) => ['curl', '-sS', '-v', '--max-time', '8', ...args];

/** Proofs about file servers: curl, smbclient, rsync. */
export const fileProofs: Readonly<Record<string, Proof>> = {
  'ftp-anonymous': {
    call: (target) => ({ argv: curl('--user', 'anonymous:lab@lab.test', at(target, 'ftp')) }),
    weak: /readme\.txt/,
    refused: /530/,
  },
  'ftp-cleartext-login': {
    call: (target) => ({ argv: curl('--user', 'lab:wrong', at(target, 'ftp')) }),
    weak: /331 Please specify the password/,
    refused: /530 Non-anonymous sessions must use encryption/,
  },
  'smb-guest-share': {
    call: (target) => ({
      argv: ['smbclient', '-s', '/dev/null', '-N', '-p', String(target.port), `//${target.address}/public`, '-c', 'ls'],
    }),
    weak: /readme\.txt/,
    refused: /NT_STATUS_(ACCESS_DENIED|LOGON_FAILURE)/,
  },
  'smb-shares-listed-anonymously': {
    call: (target) => ({
      argv: ['smbclient', '-s', '/dev/null', '-N', '-p', String(target.port), '-L', `//${target.address}`],
    }),
    weak: /^\s*public\s+Disk/m,
    refused: /NT_STATUS_(ACCESS_DENIED|LOGON_FAILURE)/,
  },
  'smb-signing-not-required': {
    call: (target) => ({ argv: [process.execPath, smbNegotiate, target.address, String(target.port)] }),
    weak: /signing not required/,
    refused: /signing required/,
  },
  'rsync-modules-listed': {
    call: (target) => ({
      argv: ['socat', '-t', '2', '-', `TCP:${target.address}:${target.port}`],
      input: '@RSYNCD: 31.0\n#list\n',
    }),
    weak: /^backup\s+\tnightly backups/m,
    refused: /^@RSYNCD: EXIT/m,
  },
  'rsync-module-readable': {
    call: (target) => ({
      argv: ['rsync', `--port=${target.port}`, '--timeout=8', `rsync://stranger@${target.address}/backup/`],
      env: { RSYNC_PASSWORD: 'guess' },
    }),
    weak: /customers\.sql/,
    refused: /auth failed/,
  },
};

/** Proofs about mail servers, by curl. */
export const mailProofs: Readonly<Record<string, Proof>> = {
  'smtp-open-relay': {
    call: (target) => ({
      argv: curl('--mail-from', 'a@outside.example', '--mail-rcpt', 'b@outside.example', '-T', '-', at(target, 'smtp')),
      input: 'Subject: relay\r\n\r\nplanted\r\n',
    }),
    weak: /< 250 OK id=/,
    refused: /< 550 /,
  },
  'smtp-vrfy-users': {
    call: (target) => ({ argv: curl('--mail-rcpt', 'root', '--mail-rcpt', 'nobody-of-that-name', at(target, 'smtp')) }),
    weak: /> VRFY root\r?\n< 25[01] [\s\S]*> VRFY nobody-of-that-name\r?\n< 550 /,
    refused: /> VRFY root\r?\n< (252|550) /,
  },
  'smtp-cleartext-login': {
    call: (target) => ({ argv: curl('--request', 'NOOP', at(target, 'smtp')) }),
    weak: /< 250[ -]AUTH /,
    refused: /< 250[ -]STARTTLS/,
  },
  'pop3-cleartext-login': {
    call: (target) => ({ argv: curl('--user', 'lab:correct-horse', '--request', 'NOOP', at(target, 'pop3')) }),
    weak: /< \+OK Logged in/,
    refused: /\[AUTH\] Plaintext|curl: \(67\)/,
  },
  'imap-cleartext-login': {
    call: (target) => ({ argv: curl('--user', 'lab:correct-horse', '--request', 'NOOP', at(target, 'imap')) }),
    weak: /OK .*Logged in/,
    refused: /LOGINDISABLED/,
  },
};
