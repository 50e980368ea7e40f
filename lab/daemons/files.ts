import type { Daemon } from './daemon.ts';

/** vsftpd: either anonymous FTP and passwords in clear text, or no anonymous log-in and TLS demanded. */
export function vsftpd(options: { hardened: boolean }): Daemon {
  return {
    name: 'vsftpd',
    setup: ({ folder, certificates }) => {
      const weak = ['anonymous_enable=YES', 'no_anon_password=YES', `anon_root=${folder}/public`, 'local_enable=YES'];
      const hard = [
        'anonymous_enable=NO',
        'local_enable=YES',
        'ssl_enable=YES',
        'force_local_logins_ssl=YES',
        'force_local_data_ssl=YES',
        `rsa_cert_file=${certificates}/good.crt`,
        `rsa_private_key_file=${certificates}/good.key`,
      ];
      const common = ['background=NO', 'listen=NO', 'listen_ipv6=YES', 'xferlog_enable=NO', 'seccomp_sandbox=NO'];
      const lines = [...common, 'secure_chroot_dir=/run/vsftpd/empty', ...(options.hardened ? hard : weak)];
      return {
        files: { 'vsftpd.conf': `${lines.join('\n')}\n`, 'public/readme.txt': 'Public files of the lab.\n' },
        argv: ['vsftpd', `${folder}/vsftpd.conf`],
      };
    },
  };
}

/** rsync daemon: a module that everybody may list and read, or one that is hidden and wants a password. */
export function rsyncd(options: { hardened: boolean }): Daemon {
  return {
    name: 'rsyncd',
    setup: ({ folder }) => {
      const guard = ['auth users = backup', `secrets file = ${folder}/secrets`, 'list = no'];
      const lines = [
        'use chroot = no',
        `log file = ${folder}/rsync.log`,
        '[backup]',
        `path = ${folder}/data`,
        'comment = nightly backups',
        'read only = yes',
        ...(options.hardened ? guard : []),
      ];
      return {
        files: {
          'rsyncd.conf': `${lines.join('\n')}\n`,
          secrets: 'backup:correct-horse\n',
          'data/customers.sql': '-- planted backup of the lab\n',
        },
        prepare: [['chmod', '600', `${folder}/secrets`]],
        argv: ['rsync', '--daemon', '--no-detach', `--config=${folder}/rsyncd.conf`],
      };
    },
  };
}

/** Samba: a share for guests without signing, or no guests, nothing anonymous and signing demanded. */
export function samba(options: { hardened: boolean }): Daemon {
  return {
    name: 'samba',
    setup: ({ folder }) => {
      const weak = ['map to guest = Bad User', 'server signing = disabled', 'guest account = nobody'];
      const hard = [
        'map to guest = Never',
        'server signing = mandatory',
        'restrict anonymous = 2',
        'server min protocol = SMB3_00',
      ];
      const own = [
        'private dir',
        'lock directory',
        'state directory',
        'cache directory',
        'pid directory',
        'ncalrpc dir',
      ];
      const lines = [
        '[global]',
        'workgroup = LAB',
        'server role = standalone server',
        'disable netbios = no',
        'load printers = no',
        'printing = bsd',
        'log file = /dev/null',
        'disable spoolss = yes',
        ...own.map((key) => `${key} = ${folder}/state`),
        ...(options.hardened ? hard : weak),
        '[public]',
        `path = ${folder}/public`,
        'read only = yes',
        options.hardened ? 'guest ok = no' : 'guest ok = yes',
      ];
      return {
        files: { 'smb.conf': `${lines.join('\n')}\n`, 'public/readme.txt': 'Public files of the lab.\n' },
        folders: ['state'],
        argv: ['smbd', '-F', '--no-process-group', '-s', `${folder}/smb.conf`, '--debug-stdout'],
      };
    },
  };
}
