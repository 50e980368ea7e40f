import { formatIp, type IpAddress, parseIp, parseRange } from '@picket/base/ip';
import { anyNumber, type DslFunction } from './function.ts';
import { type DslAmbient, DslFault, type DslValue, numberOf, textOf } from './value.ts';

/** A random address of one of some prefixes. */
function randomAddress(args: readonly DslValue[], ambient: DslAmbient): string {
  const range = parseRange(textOf(args[ambient.random.integer(args.length)] ?? ''));
  if (!range.ok) throw new DslFault('rand_ip needs prefixes such as 192.0.2.0/24');
  const { first, last, family } = range.value;
  const span = last - first + 1n;
  const wide = ambient.random.bytes(16).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return formatIp({ family, bits: first + (wide % span) });
}

/** Writings of an address that some filters do not know for what they are. */
function written(text: string, format: number): string {
  const parsed = parseIp(text);
  if (!parsed.ok) throw new DslFault(`"${text.slice(0, 40)}" is no address`);
  const address: IpAddress = parsed.value;
  if (format === 1) return text;
  if (address.family === 6) {
    const hex = address.bits.toString(16).padStart(32, '0').match(/.{4}/g) ?? [];
    if (format === 10) return hex.join(':');
    throw new DslFault('that writing is for IPv4');
  }
  const value = Number(address.bits);
  const parts = [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
  switch (format) {
    // Zeros in the middle left out.
    case 2:
      return parts[1] === 0 && parts[2] === 0
        ? `${parts[0]}.${parts[3]}`
        : `${parts[0]}.${parts[1]}.${((parts[2] ?? 0) << 8) | (parts[3] ?? 0)}`;
    case 3:
      return parts.map((part) => `0${part.toString(8)}`).join('.');
    case 4:
      return parts.map((part) => `0x${part.toString(16)}`).join('.');
    case 5:
      return String(value);
    case 6:
      return `0x${value.toString(16)}`;
    case 7:
      return `0${value.toString(8)}`;
    case 8:
      return parts.map((part, at) => (at % 2 === 0 ? `0x${part.toString(16)}` : `0${part.toString(8)}`)).join('.');
    case 9:
      return `::ffff:${parts.join('.')}`;
    case 10:
      return parts.map((part) => String(part).padStart(3, '0')).join('.');
    default:
      return parts
        .join('.')
        .replace(/[0-9]/g, (digit) => `%3${digit}`)
        .replaceAll('.', '%2E');
  }
}

/** Functions of addresses. */
export const addressFunctions: Readonly<Record<string, DslFunction>> = {
  rand_ip: { least: 1, most: anyNumber, run: randomAddress },
  ip_format: {
    least: 2,
    most: 2,
    run: ([address, format]) => {
      const number = numberOf(format ?? 0);
      if (!Number.isInteger(number) || number < 1 || number > 11) throw new DslFault('ip_format knows 1 to 11');
      return written(textOf(address ?? ''), number);
    },
  },
};
