import type { ServiceProbe } from './probe.ts';
import { adb } from './probes/adb.ts';
import { afp } from './probes/afp.ts';
import { ajp13 } from './probes/ajp13.ts';
import { amqp } from './probes/amqp.ts';
import { bacnet } from './probes/bacnet.ts';
import { beanstalkd } from './probes/beanstalkd.ts';
import { bgp } from './probes/bgp.ts';
import { bolt } from './probes/bolt.ts';
import { cassandra } from './probes/cassandra.ts';
import { cephMon } from './probes/ceph-mon.ts';
import { chargen } from './probes/chargen.ts';
import { checkMk } from './probes/check-mk.ts';
import { clamd } from './probes/clamd.ts';
import { cldap } from './probes/cldap.ts';
import { clickhouse } from './probes/clickhouse.ts';
import { coap } from './probes/coap.ts';
import { cvspserver } from './probes/cvspserver.ts';
import { daytime } from './probes/daytime.ts';
import { diameter } from './probes/diameter.ts';
import { dicom } from './probes/dicom.ts';
import { dict } from './probes/dict.ts';
import { dnp3 } from './probes/dnp3.ts';
import { dnsTcp } from './probes/dns-tcp.ts';
import { dnsUdp } from './probes/dns-udp.ts';
import { docker } from './probes/docker.ts';
import { drda } from './probes/drda.ts';
import { dtls } from './probes/dtls.ts';
import { echo } from './probes/echo.ts';
import { elasticsearch } from './probes/elasticsearch.ts';
import { epmd } from './probes/epmd.ts';
import { ethernetIp } from './probes/ethernet-ip.ts';
import { fastcgi } from './probes/fastcgi.ts';
import { finger } from './probes/finger.ts';
import { firebird } from './probes/firebird.ts';
import { fox } from './probes/fox.ts';
import { ftp } from './probes/ftp.ts';
import { gearman } from './probes/gearman.ts';
import { git } from './probes/git.ts';
import { gmond } from './probes/gmond.ts';
import { gopher } from './probes/gopher.ts';
import { gpsd } from './probes/gpsd.ts';
import { hl7Mllp } from './probes/hl7-mllp.ts';
import { http } from './probes/http.ts';
import { httpNtlm } from './probes/http-ntlm.ts';
import { http2 } from './probes/http2.ts';
import { iax2 } from './probes/iax2.ts';
import { ica } from './probes/ica.ts';
import { icap } from './probes/icap.ts';
import { ident } from './probes/ident.ts';
import { iec104 } from './probes/iec-104.ts';
import { imap } from './probes/imap.ts';
import { iperf3 } from './probes/iperf3.ts';
import { ipmi } from './probes/ipmi.ts';
import { ipp } from './probes/ipp.ts';
import { irc } from './probes/irc.ts';
import { isakmp } from './probes/isakmp.ts';
import { iscsi } from './probes/iscsi.ts';
import { javaRmi } from './probes/java-rmi.ts';
import { jdwp } from './probes/jdwp.ts';
import { kafka } from './probes/kafka.ts';
import { kerberosUdp } from './probes/kerberos-udp.ts';
import { kerberos } from './probes/kerberos.ts';
import { kubernetes } from './probes/kubernetes.ts';
import { l2tp } from './probes/l2tp.ts';
import { ldap } from './probes/ldap.ts';
import { llmnr } from './probes/llmnr.ts';
import { lpd } from './probes/lpd.ts';
import { managesieve } from './probes/managesieve.ts';
import { mdns } from './probes/mdns.ts';
import { memcachedUdp } from './probes/memcached-udp.ts';
import { memcached } from './probes/memcached.ts';
import { mgcp } from './probes/mgcp.ts';
import { modbus } from './probes/modbus.ts';
import { mongodb } from './probes/mongodb.ts';
import { mpd } from './probes/mpd.ts';
import { mqtt } from './probes/mqtt.ts';
import { msrpc } from './probes/msrpc.ts';
import { mssqlBrowser } from './probes/mssql-browser.ts';
import { mssql } from './probes/mssql.ts';
import { mumble } from './probes/mumble.ts';
import { munin } from './probes/munin.ts';
import { mysql } from './probes/mysql.ts';
import { natPmp } from './probes/nat-pmp.ts';
import { nats } from './probes/nats.ts';
import { nbd } from './probes/nbd.ts';
import { nbns } from './probes/nbns.ts';
import { ndmp } from './probes/ndmp.ts';
import { netbiosSsn } from './probes/netbios-ssn.ts';
import { nfs } from './probes/nfs.ts';
import { nmf } from './probes/nmf.ts';
import { nntp } from './probes/nntp.ts';
import { nodeInspector } from './probes/node-inspector.ts';
import { nrpe } from './probes/nrpe.ts';
import { ntpControl } from './probes/ntp-control.ts';
import { ntp } from './probes/ntp.ts';
import { nut } from './probes/nut.ts';
import { opcUa } from './probes/opc-ua.ts';
import { openvpnManagement } from './probes/openvpn-management.ts';
import { openvpnUdp } from './probes/openvpn-udp.ts';
import { openvpn } from './probes/openvpn.ts';
import { openwire } from './probes/openwire.ts';
import { oracleTns } from './probes/oracle-tns.ts';
import { ovsdb } from './probes/ovsdb.ts';
import { pjl } from './probes/pjl.ts';
import { pop3 } from './probes/pop3.ts';
import { postgresql } from './probes/postgresql.ts';
import { pptp } from './probes/pptp.ts';
import { quic } from './probes/quic.ts';
import { radius } from './probes/radius.ts';
import { rdp } from './probes/rdp.ts';
import { redis } from './probes/redis.ts';
import { rethinkdb } from './probes/rethinkdb.ts';
import { rmcp } from './probes/rmcp.ts';
import { rpcbindUdp } from './probes/rpcbind-udp.ts';
import { rpcbind } from './probes/rpcbind.ts';
import { rsync } from './probes/rsync.ts';
import { rtmp } from './probes/rtmp.ts';
import { rtsp } from './probes/rtsp.ts';
import { s7comm } from './probes/s7comm.ts';
import { sane } from './probes/sane.ts';
import { sipUdp } from './probes/sip-udp.ts';
import { sip } from './probes/sip.ts';
import { slp } from './probes/slp.ts';
import { smb2 } from './probes/smb2.ts';
import { smpp } from './probes/smpp.ts';
import { smtp } from './probes/smtp.ts';
import { snmpV3 } from './probes/snmp-v3.ts';
import { snmp } from './probes/snmp.ts';
import { socks4 } from './probes/socks4.ts';
import { socks5 } from './probes/socks5.ts';
import { spamd } from './probes/spamd.ts';
import { spice } from './probes/spice.ts';
import { ssdp } from './probes/ssdp.ts';
import { ssh } from './probes/ssh.ts';
import { stomp } from './probes/stomp.ts';
import { stunUdp } from './probes/stun-udp.ts';
import { stun } from './probes/stun.ts';
import { svn } from './probes/svn.ts';
import { tacacs } from './probes/tacacs.ts';
import { telnet } from './probes/telnet.ts';
import { tftp } from './probes/tftp.ts';
import { time } from './probes/time.ts';
import { uwsgi } from './probes/uwsgi.ts';
import { varnishCli } from './probes/varnish-cli.ts';
import { vmwareAuth } from './probes/vmware-auth.ts';
import { vnc } from './probes/vnc.ts';
import { wsDiscovery } from './probes/ws-discovery.ts';
import { x11 } from './probes/x11.ts';
import { xdmcp } from './probes/xdmcp.ts';
import { xmpp } from './probes/xmpp.ts';
import { zabbixAgent } from './probes/zabbix-agent.ts';
import { zmtp } from './probes/zmtp.ts';
import { zookeeper } from './probes/zookeeper.ts';

/** Every probe, by name. A test holds the list against the folder. */
export const probes: readonly ServiceProbe[] = [
  adb,
  afp,
  ajp13,
  amqp,
  bacnet,
  beanstalkd,
  bgp,
  bolt,
  cassandra,
  cephMon,
  chargen,
  checkMk,
  clamd,
  cldap,
  clickhouse,
  coap,
  cvspserver,
  daytime,
  diameter,
  dicom,
  dict,
  dnp3,
  dnsTcp,
  dnsUdp,
  docker,
  drda,
  dtls,
  echo,
  elasticsearch,
  epmd,
  ethernetIp,
  fastcgi,
  finger,
  firebird,
  fox,
  ftp,
  gearman,
  git,
  gmond,
  gopher,
  gpsd,
  hl7Mllp,
  http,
  httpNtlm,
  http2,
  iax2,
  ica,
  icap,
  ident,
  iec104,
  imap,
  iperf3,
  ipmi,
  ipp,
  irc,
  isakmp,
  iscsi,
  javaRmi,
  jdwp,
  kafka,
  kerberosUdp,
  kerberos,
  kubernetes,
  l2tp,
  ldap,
  llmnr,
  lpd,
  managesieve,
  mdns,
  memcachedUdp,
  memcached,
  mgcp,
  modbus,
  mongodb,
  mpd,
  mqtt,
  msrpc,
  mssqlBrowser,
  mssql,
  mumble,
  munin,
  mysql,
  natPmp,
  nats,
  nbd,
  nbns,
  ndmp,
  netbiosSsn,
  nfs,
  nmf,
  nntp,
  nodeInspector,
  nrpe,
  ntpControl,
  ntp,
  nut,
  opcUa,
  openvpnManagement,
  openvpnUdp,
  openvpn,
  openwire,
  oracleTns,
  ovsdb,
  pjl,
  pop3,
  postgresql,
  pptp,
  quic,
  radius,
  rdp,
  redis,
  rethinkdb,
  rmcp,
  rpcbindUdp,
  rpcbind,
  rsync,
  rtmp,
  rtsp,
  s7comm,
  sane,
  sipUdp,
  sip,
  slp,
  smb2,
  smpp,
  smtp,
  snmpV3,
  snmp,
  socks4,
  socks5,
  spamd,
  spice,
  ssdp,
  ssh,
  stomp,
  stunUdp,
  stun,
  svn,
  tacacs,
  telnet,
  tftp,
  time,
  uwsgi,
  varnishCli,
  vmwareAuth,
  vnc,
  wsDiscovery,
  x11,
  xdmcp,
  xmpp,
  zabbixAgent,
  zmtp,
  zookeeper,
];
