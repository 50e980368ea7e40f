import { refuse } from '../server/http-error.ts';
import { applianceProblems, oldestProtocolLevel, protocolHeaders, protocolLevel } from '@picket/contracts/protocol';

/** Refuses a protocol level that this platform does not serve, naming the range (RFC 9110 section 15.5.22). */
export function requireLevel(header: string | undefined): number {
  const level = /^[0-9]{1,6}$/.test(header ?? '') ? Number(header) : Number.NaN;
  if (level >= oldestProtocolLevel && level <= protocolLevel) return level;
  const spoken =
    header === undefined ? `names no protocol level (${protocolHeaders.level})` : `speaks level ${header.slice(0, 20)}`;
  const tooNew = level > protocolLevel;
  throw refuse({
    status: 426,
    code: applianceProblems.levelUnsupported,
    message: `The request ${spoken}; this platform serves levels ${oldestProtocolLevel} to ${protocolLevel}.`,
    hint: tooNew ? 'Update the platform.' : 'Update the software of the appliance.',
  });
}
