import { hostShape } from '../host-form.ts';
import { text } from '../../template/checked-text.ts';
import { compileOperators } from '../../template/operators.ts';
import type { MapReader } from '../../template/reader.ts';
import { tlsVersions, type TlsBlock, type TlsVersion } from './tls-block.ts';

const anyCipher = /^(?:TLS|SSL)_[A-Za-z0-9_]{3,80}$/;

/** Compiles one entry of `ssl:`. */
export function compileTls(reader: MapReader): TlsBlock {
  const address = reader.text('address');
  const own = reader.uses.has('own-place') && address !== undefined ? [text(reader, 'address', address)] : [];
  if (own.length === 0 && address !== undefined && !hostShape.test(address.trim()))
    reader.unsupported('address', 'host-form', 'the address is not the scanned host');
  const version = (key: string): TlsVersion | null => {
    const read = reader.choice(['', ...tlsVersions], '', key);
    return read === '' ? null : read;
  };
  for (const key of ['tls_version_enum', 'tls_cipher_enum']) {
    if (reader.flag(key)) reader.unsupported(key, `field:${key}`, 'enumeration is not supported yet');
  }
  const ciphers = reader.texts('cipher_suites');
  if (ciphers.some((cipher) => !anyCipher.test(cipher)))
    reader.wrong('cipher_suites', 'these are not IANA names of cipher suites');
  const block: TlsBlock = {
    protocol: 'tls',
    id: reader.text('id') || null,
    minVersion: version('min_version'),
    maxVersion: version('max_version'),
    ciphers,
    places: own,
    operators: compileOperators(reader, 'response'),
  };
  reader.node('scan_mode');
  reader.finish();
  return block;
}
