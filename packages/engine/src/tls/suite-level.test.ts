import { expect, it } from 'vitest';
import { suiteLevel } from './suite-level.ts';

it.each([
  ['TLS_AES_128_GCM_SHA256', 'secure'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'secure'],
  ['TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', 'secure'],
  ['TLS_DHE_PSK_WITH_AES_128_CCM', 'secure'],
  ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'weak'],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'weak'],
  ['TLS_RSA_WITH_3DES_EDE_CBC_SHA', 'weak'],
  ['TLS_RSA_WITH_RC4_128_SHA', 'insecure'],
  ['TLS_DH_anon_WITH_AES_128_GCM_SHA256', 'insecure'],
  ['TLS_RSA_WITH_NULL_SHA256', 'insecure'],
  ['TLS_RSA_EXPORT_WITH_DES40_CBC_SHA', 'insecure'],
  ['0x1234', 'unknown'],
])('%s is %s', (name, level) => {
  expect(suiteLevel(name)).toBe(level);
});
