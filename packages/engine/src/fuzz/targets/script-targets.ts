import { parseLdapFilter } from '../../checks/javascript/clients/ldap-filter.ts';
import { decodeLdapAnswer, decodeLdapLength } from '../../checks/javascript/clients/ldap-messages.ts';
import {
  decodeMysqlError,
  decodeMysqlHandshake,
  decodeMysqlInteger,
  decodeMysqlTexts,
} from '../../checks/javascript/clients/mysql-packets.ts';
import {
  decodePgColumns,
  decodePgError,
  decodePgMessages,
  decodePgRow,
  parseScramChallenge,
} from '../../checks/javascript/clients/postgres-messages.ts';
import { decodeRespReply } from '../../checks/javascript/clients/resp.ts';
import { decodeSmtpReply } from '../../checks/javascript/clients/smtp-reply.ts';
import {
  decodeSshHostKey,
  decodeSshOffer,
  parseSshIdentification,
  sshNumber,
  sshString,
} from '../../checks/javascript/clients/ssh-fields.ts';
import { findChallenge } from '@picket/ntlm/challenge';
import { decodeShareList } from '../../checks/javascript/clients/share-enumeration.ts';
import {
  decodeSmb2FileId,
  decodeSmb2Output,
  decodeSmb2Response,
  decodeSmb2SessionFlags,
} from '../../checks/javascript/clients/smb2-pipe.ts';
import { decodeSmb1Agreement, decodeSmb2Facts, decodeSmbNames } from '../../checks/javascript/clients/smb-facts.ts';
import { parseRsyncGreeting } from '../../checks/javascript/modules/rsync.ts';
import { unpack } from '../../checks/javascript/modules/structs.ts';
import { decodeTelnet } from '../../checks/javascript/modules/telnet.ts';
import { parseRfbVersion } from '../../checks/javascript/modules/vnc.ts';
import { parseScriptValue } from '../../checks/javascript/sandbox/value-text.ts';
import { ascii, concat, hex, latin } from '../../services/bytes.ts';
import { decodeRpcReply } from '../../services/dce-rpc.ts';
import { binaryAnswers } from '../corpus/binary-answers.ts';
import { type FuzzTarget, utf8 } from '../fuzz-target.ts';

const mysqlHello = concat(
  hex('0a'),
  ascii('5.5.5-10.11.6-MariaDB\0'),
  hex('04000000', '2a4c3b7a5e6f4d31', '00', 'fef7', '2d', '0200', 'ff81', '15', '00000000000000000000'),
  ascii('abcdefghijkl\0mysql_native_password\0'),
);
const pgRow = hex('44 00000013 0002 00000003 616263 ffffffff');
const pgColumn = concat(hex('54 00000022 0001'), ascii('datname\0'), hex('000004ee 0002 00000013 0040 ffffffff 0000'));
const pgError = concat(hex('45 00000029'), ascii('SFATAL\0C28P01\0Mno such password\0\0'));
const pgBody = (message: Uint8Array) => message.subarray(5);

const sshOffer = concat(
  Uint8Array.of(20),
  new Uint8Array(16),
  ...['curve25519-sha256,kex-strict-s-v00@openssh.com', 'ssh-ed25519', 'aes128-ctr', 'aes128-ctr', 'hmac-sha1'].map(
    sshString,
  ),
  new Uint8Array(25),
);
const sshKey = concat(sshString('ssh-rsa'), sshNumber(hex('010001')), sshNumber(hex('c0ffee0102030405')));

/** A response header with the status 0. */
const smb2Answer = concat(
  hex('fe534d42 4000 0100 00000000 0b00 0100 01000000 00000000 0500000000000000'),
  new Uint8Array(32),
);
/** One share `a`, without a remark. */
const shareList = hex(
  '01000000 01000000 04000200 01000000 08000200 01000000',
  '0c000200 00000000 00000000 02000000 00000000 02000000 61000000',
  '01000000 00000000 00000000',
);
const rpcAnswer = hex('05 00 02 03 10000000 5000 0000 02000000 38000000 0000 0000');

/** Decoders of the clients that scripts of templates use, and of what comes out of the sandbox. */
export const scriptTargets: readonly FuzzTarget[] = [
  {
    name: 'script/value',
    covers: ['parseScriptValue'],
    corpus: [utf8('[{"a":[1,null,true,"x"],"b":{"$bytes":"00ff"}}]')],
    decode: (input) => parseScriptValue(latin(input)),
  },
  {
    name: 'script/redis',
    covers: ['decodeRespReply'],
    corpus: [utf8('$11\r\nredis_versi\r\n'), utf8('-NOAUTH Authentication required.\r\n'), utf8(':5\r\n')],
    decode: decodeRespReply,
  },
  {
    name: 'script/smtp',
    covers: ['decodeSmtpReply'],
    corpus: [utf8('250-mail.lab.test Hello\r\n250-SIZE 52428800\r\n250 HELP\r\n'), utf8('550 relay not permitted\r\n')],
    decode: decodeSmtpReply,
  },
  {
    name: 'script/mysql',
    covers: ['decodeMysqlHandshake', 'decodeMysqlError', 'decodeMysqlInteger', 'decodeMysqlTexts'],
    corpus: [mysqlHello, concat(hex('ff 1504'), ascii('#28000Access denied')), hex('03 646566 fb 01 61 fc 0200 6161')],
    decode: (input) => [
      decodeMysqlHandshake(input),
      decodeMysqlError(input),
      decodeMysqlInteger(input, 0),
      decodeMysqlTexts(input, 100),
    ],
  },
  {
    name: 'script/postgres',
    covers: ['decodePgMessages', 'decodePgError', 'decodePgColumns', 'decodePgRow', 'parseScramChallenge'],
    corpus: [pgRow, pgColumn, pgError, pgBody(pgRow), pgBody(pgColumn), utf8('r=abc123,s=QSXCR+Q6sek8bf92,i=4096')],
    decode: (input) => [
      decodePgMessages(input),
      decodePgError(input),
      decodePgColumns(input),
      decodePgRow(input),
      parseScramChallenge(latin(input), 'abc'),
    ],
  },
  {
    name: 'script/ssh',
    covers: ['decodeSshOffer', 'decodeSshHostKey', 'parseSshIdentification'],
    corpus: [sshOffer, sshKey, utf8('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3')],
    decode: (input) => [decodeSshOffer(input), decodeSshHostKey(input), parseSshIdentification(latin(input))],
  },
  {
    name: 'script/smb',
    covers: ['decodeSmb2Facts', 'decodeSmbNames', 'decodeSmb1Agreement'],
    corpus: [
      binaryAnswers.smb,
      binaryAnswers.ntlm,
      hex('00000024 ff534d4272 00000000 98 01c8 0000 0000000000000000 0000 ffff fffe 0000 0000 01 0000'),
    ],
    decode: (input) => [decodeSmb2Facts(input), decodeSmbNames(input), decodeSmb1Agreement(input)],
  },
  {
    name: 'script/ldap',
    covers: ['decodeLdapAnswer', 'decodeLdapLength'],
    corpus: [
      binaryAnswers.ldap,
      hex('3018 020105 6413 0404 64633d78 300b 3009 040161 3104 0400 0400'),
      hex('3011 020102 610c 0a0131 0400 0405 77726f6e67'),
      hex('300d 020103 7308 0406 6c6461703a2f'),
      hex('3017 020103 6512 0a010a 0400 0400 a309 0407 6c6461703a2f2f'),
    ],
    decode: (input) => [decodeLdapAnswer(input), decodeLdapLength(input)],
  },
  {
    name: 'script/ldap-filter',
    covers: ['parseLdapFilter'],
    corpus: ['(&(objectClass=person)(!(cn=a*b\\2a*c))(|(x>=1)(y~=2)))', '(a:dn:1.2.3:=x)', 'cn=*'].map(utf8),
    decode: (input) => parseLdapFilter(latin(input)),
  },
  {
    name: 'script/smb-session',
    covers: ['decodeSmb2Response', 'decodeSmb2SessionFlags', 'decodeSmb2FileId', 'decodeSmb2Output'],
    corpus: [
      binaryAnswers.ntlm.subarray(4),
      concat(smb2Answer, hex('5900'), new Uint8Array(86)),
      concat(smb2Answer, hex('3100'), new Uint8Array(30), hex('70000000 04000000 00000000 00000000 01020304')),
      concat(smb2Answer, hex('1100 5000 04000000 00000000 00000000 01020304')),
    ],
    decode: (input) => [
      decodeSmb2Response(input),
      decodeSmb2SessionFlags(input),
      decodeSmb2FileId(input),
      decodeSmb2Output(input),
      findChallenge(input),
    ],
  },
  {
    name: 'script/share-list',
    covers: ['decodeShareList', 'decodeRpcReply'],
    corpus: [
      concat(rpcAnswer, shareList),
      shareList,
      hex('05 00 0c 03 10000000 4400 0000 01000000 b810 b810 00000000 0d00', '5c706970655c73727673766300 00 01000000'),
    ],
    decode: (input) => [decodeRpcReply(input), decodeShareList(input)],
  },
  {
    name: 'script/rsync',
    covers: ['parseRsyncGreeting'],
    corpus: [utf8('@RSYNCD: 31.0 sha512 sha256 sha1 md5 md4\n')],
    decode: (input) => parseRsyncGreeting(latin(input)),
  },
  {
    name: 'script/vnc',
    covers: ['parseRfbVersion'],
    corpus: [utf8('RFB 003.008\n')],
    decode: (input) => parseRfbVersion(latin(input)),
  },
  {
    name: 'script/telnet',
    covers: ['decodeTelnet'],
    corpus: [concat(hex('fffd18 fffd20 fffb01 fffa180166fff0'), ascii('login: '))],
    decode: decodeTelnet,
  },
  {
    name: 'script/structs',
    covers: [],
    corpus: [hex('0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c')],
    decode: (input) => (input.length < 28 ? null : unpack('<2sIHqdf', input)),
  },
];
