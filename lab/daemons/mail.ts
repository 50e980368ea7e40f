import type { Daemon } from './daemon.ts';

/** Exim: relays for everybody and takes passwords in clear text, or relays for nobody and asks for TLS first. It delivers nothing. */
export function exim(options: { hardened: boolean }): Daemon {
  return {
    name: 'exim',
    setup: ({ folder, certificates }) => {
      const weak = ['auth_advertise_hosts = *', 'tls_advertise_hosts =', 'acl_smtp_vrfy = accept_all'];
      const hard = [
        'auth_advertise_hosts = ${if def:tls_in_cipher {*}{}}',
        'tls_advertise_hosts = *',
        `tls_certificate = ${certificates}/good.crt`,
        `tls_privatekey = ${certificates}/good.key`,
        // What GnuTLS offers by itself begins with TLS 1.0.
        'tls_require_ciphers = NORMAL:-VERS-TLS1.0:-VERS-TLS1.1',
      ];
      const lines = [
        'primary_hostname = mail.lab.test',
        'domainlist local_domains = lab.test : mail.lab.test',
        `spool_directory = ${folder}/spool`,
        `log_file_path = ${folder}/log/%slog`,
        'recipient_unqualified_hosts = *',
        'keep_environment =',
        'daemon_smtp_ports = 25',
        'rfc1413_query_timeout = 0s',
        'queue_only',
        'host_lookup =',
        'acl_smtp_rcpt = check_rcpt',
        ...(options.hardened ? hard : weak),
        'begin acl',
        'accept_all:',
        '  accept',
        'check_rcpt:',
        ...(options.hardened
          ? ['  accept domains = +local_domains', '  deny message = relay not permitted']
          : ['  accept']),
        'begin routers',
        'strangers:',
        '  driver = redirect',
        '  domains = ! +local_domains',
        '  data = :blackhole:',
        'known:',
        '  driver = redirect',
        '  local_parts = root : postmaster',
        '  data = :blackhole:',
        'begin authenticators',
        'plain:',
        '  driver = plaintext',
        '  public_name = PLAIN',
        '  server_prompts = :',
        '  server_condition = false',
      ];
      return {
        files: { 'exim.conf': `${lines.join('\n')}\n` },
        folders: ['spool', 'log'],
        prepare: [['chown', '-R', 'Debian-exim:Debian-exim', `${folder}/spool`, `${folder}/log`]],
        argv: ['exim4', '-bdf', '-C', `${folder}/exim.conf`],
      };
    },
  };
}

/** Dovecot: IMAP and POP3 that take passwords in clear text, or that refuse a log-in before TLS (and serve IMAPS and POP3S). */
export function dovecot(options: { hardened: boolean }): Daemon {
  return {
    name: 'dovecot',
    setup: ({ folder, certificates }) => {
      const tls = ['ssl = required', `ssl_cert = <${certificates}/good.crt`, `ssl_key = <${certificates}/good.key`];
      const secured = [
        'service imap-login {',
        '  inet_listener imaps {',
        '    port = 993',
        '    ssl = yes',
        '  }',
        '}',
      ];
      const lines = [
        'protocols = imap pop3',
        'listen = *, ::',
        `log_path = ${folder}/dovecot.log`,
        'base_dir = /run/dovecot',
        `mail_location = maildir:${folder}/mail/%u`,
        `disable_plaintext_auth = ${options.hardened ? 'yes' : 'no'}`,
        ...(options.hardened ? [...tls, ...secured] : ['ssl = no']),
        'passdb {',
        '  driver = passwd-file',
        `  args = ${folder}/users`,
        '}',
        'userdb {',
        '  driver = static',
        '  args = uid=nobody gid=nogroup home=/nonexistent',
        '}',
      ];
      return {
        files: { 'dovecot.conf': `${lines.join('\n')}\n`, users: 'lab:{PLAIN}correct-horse\n' },
        argv: ['dovecot', '-F', '-c', `${folder}/dovecot.conf`],
      };
    },
  };
}
