import { ownValue } from '@picket/base/own-value';
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { ExampleServer } from '@picket/checks/check-example';

/** DER (X.690): tag, length, content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const size: number[] = [];
  for (let rest = content.length; rest > 0; rest >>= 8) size.unshift(rest & 255);
  const length = content.length < 128 ? [content.length] : [0x80 | size.length, ...size];
  return Uint8Array.from([tag, ...length, ...content]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const text = (tag: number, value: string) => der(tag, Uint8Array.from(Buffer.from(value, 'utf8')));

/** sha256WithRSAEncryption (RFC 4055) and ecdsa-with-SHA256 (RFC 5758). */
const algorithms = { rsa: hex('300d06092a864886f70d01010b0500'), ec: hex('300a06082a8648ce3d040302') };

/** Attribute types of a Name (X.520; emailAddress is PKCS #9). */
const nameTypes: Readonly<Record<string, string>> = {
  CN: '0603550403',
  C: '0603550406',
  L: '0603550407',
  ST: '0603550408',
  O: '060355040a',
  OU: '060355040b',
  emailAddress: '06092a864886f70d010901',
};

/** A Name of these parts, in their order. */
const distinguishedName = (parts: Readonly<Record<string, string>>) =>
  sequence(
    ...Object.entries(parts).map(([type, value]) =>
      der(0x31, sequence(hex(ownValue(nameTypes, type) ?? ''), text(type === 'emailAddress' ? 0x16 : 0x0c, value))),
    ),
  );

function utcTime(days: number): Uint8Array {
  const date = new Date(Date.now() + days * 86_400_000);
  return text(0x18, `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`);
}

/** A GeneralName (RFC 5280 section 4.2.1.6): an IPv4 address, else a DNS name. */
const generalName = (name: string) =>
  /^[0-9]{1,3}(\.[0-9]{1,3}){3}$/.test(name) ? der(0x87, Uint8Array.from(name.split('.'), Number)) : text(0x82, name);

/** Subject alternative names (OID 2.5.29.17). */
function extensions(names: readonly string[]): Uint8Array {
  if (names.length === 0) return new Uint8Array(0);
  const list = sequence(...names.map(generalName));
  return der(0xa3, sequence(sequence(hex('0603551d11'), der(0x04, list))));
}

const keys = new Map<string, { key: KeyObject; spki: Uint8Array }>();

function keyOf(kind: string): { key: KeyObject; spki: Uint8Array } {
  const known = keys.get(kind);
  if (known) return known;
  const pair =
    kind === 'ec-256'
      ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      : generateKeyPairSync('rsa', { modulusLength: kind === 'rsa-1024' ? 1024 : 2048 });
  const made = { key: pair.privateKey, spki: new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' })) };
  keys.set(kind, made);
  return made;
}

/** Makes a certificate (RFC 5280 section 4.1) and key as PEM, for example servers only. */
export function exampleCertificate(facts: ExampleServer['certificate']): { cert: string; key: string } {
  const kind = facts?.key ?? 'rsa-2048';
  const { key, spki } = keyOf(kind);
  const name = facts?.name ?? 'example.test';
  const subject = facts?.subject ?? { CN: name };
  const self = (facts?.issuer ?? 'self') === 'self';
  const signer = self ? key : keyOf('rsa-2048').key;
  const algorithm = self && kind === 'ec-256' ? algorithms.ec : algorithms.rsa;
  const body = sequence(
    hex('a003020102'),
    der(0x02, Uint8Array.from([0x01, ...randomBytes(8)])),
    algorithm,
    distinguishedName(self ? subject : { CN: facts?.issuer ?? '' }),
    sequence(utcTime(facts?.['not-before-days'] ?? -1), utcTime(facts?.['not-after-days'] ?? 90)),
    distinguishedName(subject),
    spki,
    extensions(facts?.names ?? [name]),
  );
  const signature = sign('sha256', body, createPrivateKey(signer.export({ type: 'pkcs8', format: 'pem' })));
  const certificate = sequence(body, algorithm, der(0x03, Uint8Array.from([0, ...signature])));
  const base64 = Buffer.from(certificate)
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64}-----END CERTIFICATE-----\n`,
    key: String(key.export({ type: 'pkcs8', format: 'pem' })),
  };
}
