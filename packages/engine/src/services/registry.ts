import type { ServiceProbe } from './probe.ts';
import { docker } from './probes/docker.ts';
import { elasticsearch } from './probes/elasticsearch.ts';
import { ftp } from './probes/ftp.ts';
import { http } from './probes/http.ts';
import { imap } from './probes/imap.ts';
import { kubernetes } from './probes/kubernetes.ts';
import { memcached } from './probes/memcached.ts';
import { mysql } from './probes/mysql.ts';
import { pop3 } from './probes/pop3.ts';
import { postgresql } from './probes/postgresql.ts';
import { redis } from './probes/redis.ts';
import { rsync } from './probes/rsync.ts';
import { smtp } from './probes/smtp.ts';
import { ssh } from './probes/ssh.ts';
import { telnet } from './probes/telnet.ts';
import { vnc } from './probes/vnc.ts';

/** Every probe. A test holds the list against the folder. */
export const probes: readonly ServiceProbe[] = [
  docker,
  elasticsearch,
  ftp,
  http,
  imap,
  kubernetes,
  memcached,
  mysql,
  pop3,
  postgresql,
  redis,
  rsync,
  smtp,
  ssh,
  telnet,
  vnc,
];
