import { cidrRange, type IpAddress, parseIp } from '@picket/base/ip';
import { contains, type RangeSet, rangeSet } from '@picket/base/range-set';

function blocks(texts: readonly string[]): RangeSet {
  return rangeSet(
    texts.flatMap((text) => {
      const [address = '', prefix = ''] = text.split('/');
      const parsed = parseIp(address);
      return parsed.ok ? [cidrRange(parsed.value, Number(prefix))] : [];
    }),
  );
}

/** This machine itself (RFC 1122, RFC 4291). */
const ownMachine = blocks(['0.0.0.0/8', '127.0.0.0/8', '::/128', '::1/128']);
/** Link-local, groups, reserved, and where clouds answer with the credentials of a machine. */
const neverTargets = blocks([
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  'fe80::/10',
  'ff00::/8',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
]);
/** IPv6 that carries an IPv4 address in its last 32 bits: mapped (RFC 4291 section 2.5.5.2), compatible, translated (RFC 6052, RFC 8215). */
const carriers = blocks(['::ffff:0:0/96', '::/96', '64:ff9b::/96', '64:ff9b:1::/48']);
/** 6to4 carries it in bits 16 to 47 (RFC 3056). */
const sixToFour = blocks(['2002::/16']);

/** What an address is not to be asked for: `own` may be allowed by a setting, `never` may not. Null: nothing speaks against it. */
export type Forbidden = 'own' | 'never' | null;

/** Judges an address that somebody else chose and the platform would connect to. What is no address is `never`. */
export function forbiddenAddress(text: string): Forbidden {
  const parsed = parseIp(text);
  return parsed.ok ? judge(parsed.value) : 'never';
}

function judge(address: IpAddress): Forbidden {
  if (contains(neverTargets, address)) return 'never';
  if (contains(ownMachine, address)) return 'own';
  if (address.family === 4) return null;
  if (contains(carriers, address)) return judge({ family: 4, bits: address.bits & 0xffff_ffffn });
  if (contains(sixToFour, address)) return judge({ family: 4, bits: (address.bits >> 80n) & 0xffff_ffffn });
  return null;
}
