import { decodeText } from '@picket/checks/fingerprints/decode-text';
import { ascii, be32, concat, hex, u32be } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** SSLRequest: length 8, code 80877103 (PostgreSQL documentation, "Message Formats"). Answered by one letter. */
const sslRequest = hex('00000008 04d2162f');

const parameters = concat(ascii('user\0picket\0database\0picket\0'), Uint8Array.of(0));
/** StartupMessage, protocol 3.0. The server asks for authentication or refuses; nobody is logged in. */
const startup = concat(be32(8 + parameters.length), hex('00030000'), parameters);

/** Asks for TLS, then begins a session as user "picket" and reads the demand for authentication or the refusal. */
export const postgresql: ServiceProbe = {
  name: 'postgresql',
  help: 'Asks for TLS, then begins a session as user "picket" and reads the demand for authentication or the refusal.',
  services: ['postgresql'],
  transport: 'tcp',
  opens: 'client',
  ports: [5432, 5433, 5434, 5435, 6432],
  tlsPorts: [],
  fallbackRank: 5,
  proved: 'server',
  next(answers) {
    if (answers.length === 0) return sslRequest;
    const first = letter(answers[0]);
    if (answers.length === 1) return first === 'S' ? 'start-tls' : first === 'N' ? startup : null;
    return answers.length === 2 && first === 'S' ? startup : null;
  },
  classify(answers) {
    const first = letter(answers[0]);
    if (first !== 'S' && first !== 'N') return null;
    const answer = answers[first === 'S' ? 2 : 1];
    const known = {
      service: 'postgresql',
      vendor: 'PostgreSQL',
      product: 'PostgreSQL',
      startTls: first === 'S',
      cpe: 'cpe:/a:postgresql:postgresql:-',
    };
    if (!answer) return answers.length > 1 ? { ...known, confidence: 0.8 } : null;
    if (answer[0] === 0x52 && u32be(answer, 1) >= 8) return { ...known, info: authentication(u32be(answer, 5)) };
    if (answer[0] !== 0x45) return null;
    const message = /(?:^|\0)M([^\0]{1,300})/.exec(decodeText(answer.subarray(5)))?.[1];
    return message === undefined ? null : { ...known, info: message };
  },
};

/** The single letter S or N; anything longer is another protocol. */
function letter(answer: Uint8Array | undefined): string {
  return answer?.length === 1 ? String.fromCharCode(answer[0] ?? 0) : '';
}

function authentication(code: number): string {
  const names: Readonly<Record<number, string>> = {
    0: 'no password asked',
    3: 'clear-text password',
    5: 'MD5 password',
    7: 'GSSAPI',
    10: 'SCRAM',
  };
  return `authentication: ${names[code] ?? `method ${code}`}`;
}
