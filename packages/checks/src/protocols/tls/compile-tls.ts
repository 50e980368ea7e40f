import { hostShape } from '../host-form.ts';
import { text } from '../../template/checked-text.ts';
import { compileOperators } from '../../template/operators.ts';
import type { MapReader } from '../../template/reader.ts';
import { cipherLevels, tlsVersions, type TlsBlock, type TlsVersion } from './tls-block.ts';

const anyCipher = /^(?:TLS|SSL)_[A-Za-z0-9_]{3,80}$/;

/** Compiles one entry of `ssl:`. */
export function compileTls(reader: MapReader): TlsBlock {
  const address = reader.text('address');
  const own = reader.uses.has('own-place') && address !== undefined ? [text(reader, 'address', address)] : [];
  if (own.length === 0 && address !== undefined && !hostShape.test(address.trim()))
    reader.unsupported('address', 'host-form', 'the address is not the scanned host');
  const version = (key: string): TlsVersion | null => {
    const read = reader.choice(['', 'sslv3', ...tlsVersions], '', key);
    return read === '' ? null : read === 'sslv3' ? 'ssl30' : read;
  };
  const allCiphers = reader.flag('tls_cipher_enum');
  const levels = reader.texts('tls_cipher_types').map((level) => level.trim().toLowerCase());
  const known = cipherLevels.filter((level) => levels.includes(level));
  if (levels.some((level) => !cipherLevels.some((each) => each === level)))
    reader.wrong('tls_cipher_types', `only ${cipherLevels.join(', ')} are levels`);
  const ciphers = reader.texts('cipher_suites');
  if (ciphers.some((cipher) => !anyCipher.test(cipher)))
    reader.wrong('cipher_suites', 'these are not IANA names of cipher suites');
  const block: TlsBlock = {
    protocol: 'tls',
    id: reader.text('id') || null,
    minVersion: version('min_version'),
    maxVersion: version('max_version'),
    ciphers,
    allVersions: reader.flag('tls_version_enum') || allCiphers,
    cipherLevels: !allCiphers ? [] : known.length === 0 ? ['insecure'] : known,
    places: own,
    operators: compileOperators(reader, 'response'),
  };
  // Ways of the format's own runtime to shake hands. Here there is one, which knows all versions.
  reader.choice(['', 'auto', 'ctls', 'ztls', 'openssl'], '', 'scan_mode');
  reader.finish();
  return block;
}
