import { ascii, concat, hex, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const via = ascii('net.tcp://localhost:9389/ActiveDirectoryWebServices/Windows/Integrated');
/** MC-NMF preamble: version 1.0, duplex, via, known encoding (binary with in-band dictionary), upgrade to application/negotiate. */
const upgrade = ascii('application/negotiate');
const request = concat(
  hex('00 01 00', '01 02', '02'),
  Uint8Array.of(via.length),
  via,
  hex('03 08', '09'),
  Uint8Array.of(upgrade.length),
  upgrade,
);

/** Opens .NET message framing, as Active Directory Web Services on port 9389 speak it; nobody logs in. */
export const nmf: ServiceProbe = {
  name: 'nmf',
  help: 'Opens .NET message framing, as Active Directory Web Services speak it.',
  services: ['adws', 'nmf'],
  transport: 'tcp',
  opens: 'client',
  ports: [9389, 808],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers, context) {
    const answer = answers[0] ?? new Uint8Array(0);
    // Upgrade response (0x0a) alone, or a fault (0x08) with the address of its meaning.
    const upgrades = answer.length === 1 && u8(answer, 0) === 0x0a;
    const fault =
      u8(answer, 0) === 8 &&
      answer.length > 40 &&
      new TextDecoder('latin1').decode(answer).includes('schemas.microsoft.com/ws/');
    if (!upgrades && !fault) return null;
    return {
      service: context.port === 9389 ? 'adws' : 'nmf',
      vendor: 'Microsoft',
      product: context.port === 9389 ? 'Active Directory Web Services' : '.NET message framing',
      confidence: fault ? 1 : 0.9,
    };
  },
};
