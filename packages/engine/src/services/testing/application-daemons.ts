import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Daemon, mkdirIn, write } from './daemon.ts';

/** Queues, monitoring, storage, media and what applications are built on. */
export const applicationDaemons: readonly Daemon[] = [
  {
    name: 'beanstalkd',
    proves: 'beanstalkd',
    dpkg: 'beanstalkd',
    program: '/usr/bin/beanstalkd',
    usualPort: 11300,
    usualPortOnly: true,
    service: 'beanstalkd',
    product: 'beanstalkd',
    version: true,
    start: (port) => ({ args: ['-l', '127.0.0.1', '-p', `${port}`] }),
  },
  {
    name: 'gearmand',
    proves: 'gearman',
    dpkg: 'gearman-job-server',
    program: '/usr/sbin/gearmand',
    usualPort: 4730,
    usualPortOnly: true,
    service: 'gearman',
    product: 'Gearman job server',
    version: true,
    start: (port, folder) => ({ args: [`--listen=127.0.0.1`, `--port=${port}`, `--log-file=${folder}/log`] }),
  },
  {
    name: 'nats-server',
    proves: 'nats',
    dpkg: 'nats-server',
    program: '/usr/sbin/nats-server',
    usualPort: 4222,
    service: 'nats',
    product: 'NATS Server',
    version: true,
    start: (port) => ({ args: ['-a', '127.0.0.1', '-p', `${port}`] }),
  },
  {
    name: 'memcached over UDP',
    proves: 'memcached-udp',
    dpkg: 'memcached',
    program: '/usr/bin/memcached',
    usualPort: 11211,
    protocol: 'udp',
    usualPortOnly: true,
    service: 'memcache',
    product: 'Memcached',
    version: true,
    start: (port) => ({ args: ['-u', 'nobody', '-l', '127.0.0.1', '-p', '0', '-U', `${port}`] }),
  },
  {
    name: 'nbd-server',
    usualPortOnly: true,
    proves: 'nbd',
    dpkg: 'nbd-server',
    program: '/usr/bin/nbd-server',
    usualPort: 10809,
    service: 'nbd',
    start: (port, folder) => {
      const disk = write(folder, 'disk', '\0'.repeat(4096));
      const text = `[generic]\nlistenaddr = 127.0.0.1\nport = ${port}\n[lab]\nexportname = ${disk}\n`;
      return { args: ['-d', '-C', write(folder, 'nbd.conf', text), '-p', join(folder, 'pid')] };
    },
  },
  {
    name: 'upsd',
    proves: 'nut',
    dpkg: 'nut-server',
    program: '/lib/nut/upsd',
    usualPort: 3493,
    usualPortOnly: true,
    service: 'nut',
    product: 'upsd',
    version: true,
    start: (port, folder) => {
      write(folder, 'ups.conf', '[lab]\ndriver = dummy-ups\nport = lab.dev\n');
      write(folder, 'upsd.conf', `LISTEN 127.0.0.1 ${port}\n`);
      write(folder, 'upsd.users', '');
      return {
        env: { NUT_CONFPATH: folder, NUT_STATEPATH: folder },
        args: ['-D', '-u', 'root'],
      };
    },
  },
  {
    name: 'nrpe',
    proves: 'nrpe',
    dpkg: 'nagios-nrpe-server',
    program: '/usr/sbin/nrpe',
    usualPort: 5666,
    usualPortOnly: true,
    service: 'nrpe',
    product: 'NRPE',
    version: true,
    start: (port, folder) => {
      const text = `server_port=${port}\nserver_address=127.0.0.1\nallowed_hosts=127.0.0.1\nnrpe_user=nobody\nnrpe_group=nogroup\npid_file=${folder}/pid\n`;
      return { args: ['-c', write(folder, 'nrpe.cfg', text), '-f', '-n'] };
    },
  },
  {
    name: 'zabbix_agentd',
    proves: 'zabbix-agent',
    dpkg: 'zabbix-agent',
    program: '/usr/sbin/zabbix_agentd',
    usualPort: 10050,
    usualPortOnly: true,
    // It takes no port above 32,767.
    ownNetwork: true,
    needs: ['socat'],
    service: 'zabbix-agent',
    product: 'Zabbix agent',
    version: true,
    start: (port, folder) => {
      const text = `Server=127.0.0.1\nListenIP=127.0.0.1\nListenPort=${port}\nPidFile=${folder}/pid\nLogFile=${folder}/log\nHostname=lab\nUser=nobody\n`;
      return { args: ['-f', '-c', write(folder, 'z.conf', text)] };
    },
  },
  {
    name: 'gmond',
    proves: 'gmond',
    dpkg: 'ganglia-monitor',
    program: '/usr/sbin/gmond',
    usualPort: 8649,
    service: 'gmond',
    product: 'Ganglia monitor',
    version: true,
    start: (port, folder) => {
      const text = `globals { daemonize = no setuid = no user = root debug_level = 0 mute = yes deaf = no }\ncluster { name = "lab" }\ntcp_accept_channel { bind = 127.0.0.1 port = ${port} }\n`;
      return { args: ['-f', '-c', write(folder, 'g.conf', text), '-p', join(folder, 'pid')] };
    },
  },
  {
    name: 'mpd',
    proves: 'mpd',
    dpkg: 'mpd',
    program: '/usr/bin/mpd',
    usualPort: 6600,
    service: 'mpd',
    product: 'MPD',
    start: (port, folder) => {
      const text = `bind_to_address "127.0.0.1"\nport "${port}"\nzeroconf_enabled "no"\nmusic_directory "${folder}"\nlog_file "${folder}/log"\naudio_output {\n  type "null"\n  name "none"\n}\n`;
      return { args: ['--no-daemon', write(folder, 'mpd.conf', text)] };
    },
  },
  {
    name: 'c-icap',
    proves: 'icap',
    dpkg: 'c-icap',
    program: '/usr/bin/c-icap',
    usualPort: 1344,
    usualPortOnly: true,
    service: 'icap',
    start: (port, folder) => {
      const text = `PidFile ${folder}/pid\nCommandsSocket ${folder}/ctl\nPort 127.0.0.1:${port}\nUser nobody\nGroup nogroup\nTmpDir ${folder}\nServerLog ${folder}/log\nAccessLog ${folder}/access\nModulesDir /usr/lib/x86_64-linux-gnu/c_icap\nServicesDir /usr/lib/x86_64-linux-gnu/c_icap\nTemplateDir /usr/share/c_icap/templates\nService echo srv_echo.so\n`;
      return { args: ['-N', '-f', write(folder, 'c.conf', text)] };
    },
  },
  {
    name: 'spamd',
    proves: 'spamd',
    dpkg: 'spamd',
    program: '/usr/sbin/spamd',
    usualPort: 783,
    usualPortOnly: true,
    service: 'spamassassin',
    product: 'SpamAssassin',
    start: (port, folder) => ({
      args: ['-i', '127.0.0.1', '-p', `${port}`, '-x', '-L', '-m', '1', '-u', 'nobody', '-H', folder, '-s', 'null'],
    }),
  },
  {
    name: 'nghttpd',
    proves: 'http2',
    dpkg: 'nghttp2-server',
    program: '/usr/sbin/nghttpd',
    usualPort: 50051,
    service: 'http',
    start: (port, folder) => ({ args: ['--no-tls', '-d', folder, '-a', '127.0.0.1', `${port}`] }),
  },
  {
    name: 'dictd',
    proves: 'dict',
    dpkg: 'dictd',
    program: '/usr/sbin/dictd',
    usualPort: 2628,
    service: 'dict',
    product: 'dictd',
    version: true,
    start: (port, folder) => {
      const data = write(folder, 'lab.dict', 'lab\n');
      const index = write(folder, 'lab.index', 'lab\tA\tE\n');
      const text = `global { }\naccess { allow 127.0.0.1 }\ndatabase lab { data ${data} index ${index} }\n`;
      const pid = ['--pid-file', join(folder, 'pid')];
      return {
        args: [
          '-d',
          'nodetach',
          '-c',
          write(folder, 'd.conf', text),
          '-p',
          `${port}`,
          '--listen-to',
          '127.0.0.1',
          ...pid,
        ],
      };
    },
  },
  {
    name: 'varnishd',
    proves: 'varnish-cli',
    dpkg: 'varnish',
    program: '/usr/sbin/varnishd',
    usualPort: 6082,
    service: 'varnish-cli',
    product: 'Varnish Cache',
    start: (port, folder) => ({
      args: [
        '-F',
        '-n',
        join(folder, 'v'),
        '-a',
        `127.0.0.1:0`,
        '-f',
        '',
        '-T',
        `127.0.0.1:${port}`,
        '-S',
        write(folder, 's', 'x\n'),
      ],
    }),
  },
  {
    name: 'fcgiwrap',
    proves: 'fastcgi',
    dpkg: 'fcgiwrap',
    program: '/usr/sbin/fcgiwrap',
    usualPort: 9000,
    usualPortOnly: true,
    service: 'fastcgi',
    start: (port) => ({ args: ['-s', `tcp:127.0.0.1:${port}`] }),
  },
  {
    name: 'gpsd',
    proves: 'gpsd',
    dpkg: 'gpsd',
    program: '/usr/sbin/gpsd',
    usualPort: 2947,
    service: 'gpsd',
    product: 'gpsd',
    version: true,
    start: (port, folder) => ({ args: ['-N', '-S', `${port}`, '-F', join(folder, 'ctl')] }),
  },
  {
    name: 'iperf3',
    proves: 'iperf3',
    dpkg: 'iperf3',
    program: '/usr/bin/iperf3',
    usualPort: 5201,
    usualPortOnly: true,
    service: 'iperf3',
    product: 'iperf3',
    start: (port) => ({ args: ['-s', '-p', `${port}`, '-B', '127.0.0.1'] }),
  },
  {
    name: 'the debugger of Node.js',
    proves: 'node-inspector',
    dpkg: 'openssl',
    program: process.execPath,
    usualPort: 9229,
    usualPortOnly: true,
    service: 'http',
    product: 'Node.js',
    start: (port) => ({ args: [`--inspect=127.0.0.1:${port}`, '-e', 'setInterval(() => {}, 1e6)'] }),
  },
  {
    name: 'a socket of ZeroMQ',
    proves: 'zmtp',
    dpkg: 'python3-zmq',
    program: '/usr/bin/python3',
    usualPort: 5556,
    service: 'zmtp',
    start: (port) => ({
      args: [
        '-c',
        `import zmq, time\ns = zmq.Context().socket(zmq.REP)\ns.bind("tcp://127.0.0.1:${port}")\ntime.sleep(600)`,
      ],
    }),
  },
  {
    name: 'ovsdb-server',
    proves: 'ovsdb',
    dpkg: 'openvswitch-common',
    program: '/usr/sbin/ovsdb-server',
    usualPort: 6640,
    usualPortOnly: true,
    service: 'ovsdb',
    product: 'OVSDB server',
    start: (port, folder) => {
      const schema = write(
        folder,
        'schema',
        '{"name":"Lab","version":"1.0.0","tables":{"T":{"columns":{"n":{"type":"string"}}}}}',
      );
      execFileSync('ovsdb-tool', ['create', join(folder, 'db'), schema], { stdio: 'ignore' });
      return { args: [`--remote=ptcp:${port}:127.0.0.1`, `--unixctl=${folder}/ctl`, join(folder, 'db')] };
    },
  },
  {
    name: 'murmurd',
    proves: 'mumble',
    dpkg: 'mumble-server',
    program: '/usr/sbin/murmurd',
    usualPort: 64738,
    protocol: 'udp',
    usualPortOnly: true,
    service: 'mumble',
    product: 'Mumble server',
    version: true,
    start: (port, folder) => {
      const text = `host=127.0.0.1\nport=${port}\ndatabase=${folder}/db\nlogfile=${folder}/log\nbonjour=False\n`;
      return { args: ['-fg', '-ini', write(folder, 'm.ini', text)] };
    },
  },
  {
    name: 'firebird',
    proves: 'firebird',
    dpkg: 'firebird3.0-server',
    program: '/usr/sbin/firebird',
    usualPort: 3050,
    usualPortOnly: true,
    service: 'gds-db',
    start: (port) => ({ args: ['-p', `${port}`] }),
  },
  {
    name: 'saned',
    proves: 'sane',
    dpkg: 'sane-utils',
    program: '/usr/sbin/saned',
    usualPort: 6566,
    usualPortOnly: true,
    service: 'sane-port',
    product: 'SANE',
    start: (port, folder) => {
      write(folder, 'saned.conf', '127.0.0.1\n');
      write(folder, 'dll.conf', '');
      return { env: { SANE_CONFIG_DIR: folder }, args: ['-l', '-b', '127.0.0.1', '-p', `${port}`] };
    },
  },
  {
    name: 'a server of libcoap',
    proves: 'coap',
    dpkg: 'libcoap3-bin',
    program: '/usr/bin/coap-server-notls',
    usualPort: 5683,
    protocol: 'udp',
    service: 'coap',
    start: (port) => ({ args: ['-A', '127.0.0.1', '-p', `${port}`] }),
  },
  {
    name: 'nginx with RTMP',
    proves: 'rtmp',
    dpkg: 'nginx-light',
    needs: ['libnginx-mod-rtmp'],
    program: '/usr/sbin/nginx',
    usualPort: 1935,
    usualPortOnly: true,
    service: 'macromedia-fcs',
    start: (port, folder) => {
      const text = `load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;\ndaemon off;\nmaster_process off;\npid ${folder}/pid;\nerror_log ${folder}/log;\nevents {}\nrtmp { server { listen 127.0.0.1:${port}; application live { live on; } } }\n`;
      mkdirIn(folder, 'logs');
      return { args: ['-p', folder, '-c', write(folder, 'nginx.conf', text)] };
    },
  },
];
