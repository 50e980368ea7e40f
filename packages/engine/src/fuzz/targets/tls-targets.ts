import { hex } from '../../services/bytes.ts';
import { certificateNames, coversAddress, coversHost } from '../../tls/x509/host-match.ts';
import { certificateFacts } from '../../tls/certificate-facts.ts';
import { decodeKeyExchange } from '../../tls/key-exchange.ts';
import { ownShare } from '../../tls/key-shares.ts';
import { decodeCertificateList, decodeHandshake, decodeServerFlight } from '../../tls/server-flight.ts';
import { chosenProtocol, decodeExtensions, decodeServerHello, sharedGroup } from '../../tls/server-hello.ts';
import { decodeJarmAnswer, isJarmAnswer } from '../../tls/jarm/answer.ts';
import { jarmFingerprint } from '../../tls/jarm/fingerprint.ts';
import { decodeSsl2Hello } from '../../tls/ssl2.ts';
import { decodeCertificateEntries, decodeEncryptedFlight, decodeEncryptedMessages } from '../../tls/tls13-flight.ts';
import { decodeCertificate } from '../../tls/x509/certificate.ts';
import { decodeCertificateExtensions } from '../../tls/x509/certificate-extensions.ts';
import { decodeDer, decodeDerList, decodeOid, decodeSmallInteger, decodeTime } from '../../tls/x509/der.ts';
import { decodeName, decodeText, nameText } from '../../tls/x509/distinguished-name.ts';
import { decodePublicKey } from '../../tls/x509/public-key.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { fixedRandom } from '../fixed-random.ts';
import { tlsMessages } from '../corpus/tls-messages.ts';

const share = ownShare(29, fixedRandom);

/** Everything that reads TLS and certificates. */
export const tlsTargets: readonly FuzzTarget[] = [
  {
    name: 'tls/server-flight',
    covers: ['decodeServerFlight', 'decodeServerHello', 'decodeExtensions', 'decodeHandshake', 'decodeCertificateList'],
    corpus: [tlsMessages.classicFlight, tlsMessages.tls13Hello, tlsMessages.alert],
    maxLength: 8192,
    decode: (input) => {
      const flight = decodeServerFlight(input);
      const hello = decodeServerHello(input);
      return [
        flight,
        hello && [sharedGroup(hello), chosenProtocol(hello.extensions)],
        decodeExtensions(input, 0),
        decodeHandshake(input),
        decodeCertificateList(input),
      ];
    },
  },
  {
    name: 'tls/key-exchange',
    covers: ['decodeKeyExchange'],
    corpus: [tlsMessages.ellipticExchange, tlsMessages.finiteFieldExchange],
    decode: (input) =>
      ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'TLS_DHE_RSA_WITH_AES_128_CBC_SHA', 'TLS_DH_anon_WITH_RC4_128_MD5'].map(
        (suite) => [decodeKeyExchange(input, suite, true), decodeKeyExchange(input, suite, false)],
      ),
  },
  {
    name: 'tls/jarm',
    covers: ['decodeJarmAnswer'],
    corpus: [tlsMessages.classicFlight, tlsMessages.tls13Hello, tlsMessages.alert],
    maxLength: 4096,
    decode: (input) => [isJarmAnswer(input), jarmFingerprint([decodeJarmAnswer(input)])],
  },
  {
    name: 'tls/ssl2',
    covers: ['decodeSsl2Hello'],
    corpus: [tlsMessages.ssl2Hello],
    decode: (input) => decodeSsl2Hello(input),
  },
  {
    name: 'tls/encrypted-flight',
    covers: ['decodeEncryptedFlight', 'decodeEncryptedMessages', 'decodeCertificateEntries'],
    corpus: [tlsMessages.tls13Hello, tlsMessages.encryptedMessages],
    maxLength: 4096,
    decode: (input) => [
      decodeEncryptedMessages(decodeHandshake(input)),
      decodeCertificateEntries(input),
      share && decodeEncryptedFlight(decodeServerFlight(input), { sent: tlsMessages.alert, received: input }, [share]),
    ],
  },
  {
    name: 'tls/certificate',
    covers: ['decodeCertificate', 'decodeCertificateExtensions', 'decodePublicKey', 'decodeName', 'decodeText'],
    corpus: tlsMessages.certificates,
    maxLength: 4096,
    decode: (input) => {
      const certificate = decodeCertificate(input);
      return (
        certificate && [
          certificate,
          nameText(certificate.subject),
          coversHost(certificateNames(certificate), 'a.b.c'),
          coversAddress(certificate.names, '10.0.0.1'),
        ]
      );
    },
  },
  {
    name: 'tls/certificate-facts',
    covers: [],
    corpus: tlsMessages.certificates,
    maxLength: 4096,
    decode: (input) => certificateFacts(input),
  },
  {
    name: 'tls/der',
    covers: ['decodeDer', 'decodeDerList', 'decodeOid', 'decodeSmallInteger', 'decodeTime'],
    corpus: [
      ...tlsMessages.certificates,
      hex('17 0d 32 36 31 31 32 31 30 38 32 35 30 36 5a'),
      hex('06 09 2a 86 48 86 f7 0d 01 01 0b'),
    ],
    decode: (input) => {
      const element = decodeDer(input);
      return [
        element,
        element && decodeTime(element),
        decodeDerList(input),
        decodeOid(input),
        decodeSmallInteger(input),
        decodeName(input),
        decodePublicKey(input),
        decodeCertificateExtensions(input),
        element && decodeText(element),
      ];
    },
  },
];
