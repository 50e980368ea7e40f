import type { ServiceProbe } from './probe.ts';
import { ajp13 } from './probes/ajp13.ts';
import { amqp } from './probes/amqp.ts';
import { cassandra } from './probes/cassandra.ts';
import { chargen } from './probes/chargen.ts';
import { clamd } from './probes/clamd.ts';
import { daytime } from './probes/daytime.ts';
import { dnsTcp } from './probes/dns-tcp.ts';
import { dnsUdp } from './probes/dns-udp.ts';
import { docker } from './probes/docker.ts';
import { echo } from './probes/echo.ts';
import { elasticsearch } from './probes/elasticsearch.ts';
import { epmd } from './probes/epmd.ts';
import { finger } from './probes/finger.ts';
import { ftp } from './probes/ftp.ts';
import { git } from './probes/git.ts';
import { http } from './probes/http.ts';
import { ident } from './probes/ident.ts';
import { imap } from './probes/imap.ts';
import { ipp } from './probes/ipp.ts';
import { irc } from './probes/irc.ts';
import { javaRmi } from './probes/java-rmi.ts';
import { kubernetes } from './probes/kubernetes.ts';
import { ldap } from './probes/ldap.ts';
import { managesieve } from './probes/managesieve.ts';
import { mdns } from './probes/mdns.ts';
import { memcachedUdp } from './probes/memcached-udp.ts';
import { memcached } from './probes/memcached.ts';
import { mongodb } from './probes/mongodb.ts';
import { mqtt } from './probes/mqtt.ts';
import { msrpc } from './probes/msrpc.ts';
import { mssql } from './probes/mssql.ts';
import { mysql } from './probes/mysql.ts';
import { nats } from './probes/nats.ts';
import { nbns } from './probes/nbns.ts';
import { netbiosSsn } from './probes/netbios-ssn.ts';
import { nfs } from './probes/nfs.ts';
import { nntp } from './probes/nntp.ts';
import { ntpControl } from './probes/ntp-control.ts';
import { ntp } from './probes/ntp.ts';
import { oracleTns } from './probes/oracle-tns.ts';
import { pop3 } from './probes/pop3.ts';
import { postgresql } from './probes/postgresql.ts';
import { rdp } from './probes/rdp.ts';
import { redis } from './probes/redis.ts';
import { rmcp } from './probes/rmcp.ts';
import { rpcbindUdp } from './probes/rpcbind-udp.ts';
import { rpcbind } from './probes/rpcbind.ts';
import { rsync } from './probes/rsync.ts';
import { rtsp } from './probes/rtsp.ts';
import { sipUdp } from './probes/sip-udp.ts';
import { sip } from './probes/sip.ts';
import { smb2 } from './probes/smb2.ts';
import { smtp } from './probes/smtp.ts';
import { snmpV3 } from './probes/snmp-v3.ts';
import { snmp } from './probes/snmp.ts';
import { socks5 } from './probes/socks5.ts';
import { ssdp } from './probes/ssdp.ts';
import { ssh } from './probes/ssh.ts';
import { svn } from './probes/svn.ts';
import { telnet } from './probes/telnet.ts';
import { tftp } from './probes/tftp.ts';
import { time } from './probes/time.ts';
import { vnc } from './probes/vnc.ts';
import { x11 } from './probes/x11.ts';
import { xmpp } from './probes/xmpp.ts';
import { zookeeper } from './probes/zookeeper.ts';

/** Every probe, by name. A test holds the list against the folder. */
export const probes: readonly ServiceProbe[] = [
  ajp13,
  amqp,
  cassandra,
  chargen,
  clamd,
  daytime,
  dnsTcp,
  dnsUdp,
  docker,
  echo,
  elasticsearch,
  epmd,
  finger,
  ftp,
  git,
  http,
  ident,
  imap,
  ipp,
  irc,
  javaRmi,
  kubernetes,
  ldap,
  managesieve,
  mdns,
  memcachedUdp,
  memcached,
  mongodb,
  mqtt,
  msrpc,
  mssql,
  mysql,
  nats,
  nbns,
  netbiosSsn,
  nfs,
  nntp,
  ntpControl,
  ntp,
  oracleTns,
  pop3,
  postgresql,
  rdp,
  redis,
  rmcp,
  rpcbindUdp,
  rpcbind,
  rsync,
  rtsp,
  sipUdp,
  sip,
  smb2,
  smtp,
  snmpV3,
  snmp,
  socks5,
  ssdp,
  ssh,
  svn,
  telnet,
  tftp,
  time,
  vnc,
  x11,
  xmpp,
  zookeeper,
];
