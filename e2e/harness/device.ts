import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signRequest } from '@picket/contracts/http-signature';
import { protocolHeaders, protocolLevel } from '@picket/contracts/protocol';
import { type KeyPair, keyPairFromPem, nodeCrypto } from '@picket/base/adapters/ed25519';

/** A request as it goes over the wire: made once, so that a test can send it twice or alter it. */
export interface PreparedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface DeviceMessage {
  readonly path: string;
  readonly query?: string;
  readonly body: Uint8Array;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly level?: number;
}

/** Signs requests as a device does, one sequence number each. */
export class Device {
  readonly key: KeyPair;
  readonly #instance: string;
  #sequence = 0;

  constructor(key: KeyPair, instance: string = crypto.randomUUID()) {
    this.key = key;
    this.#instance = instance;
  }

  /** With the key of a daemon's state directory. */
  static async of(state: string): Promise<Device> {
    return new Device(keyPairFromPem(await readFile(join(state, 'key.pem'), 'utf8')));
  }

  sign(message: DeviceMessage): PreparedRequest {
    const { path, query = '', body } = message;
    this.#sequence += 1;
    const fields = {
      [protocolHeaders.level]: String(message.level ?? protocolLevel),
      [protocolHeaders.instance]: this.#instance,
      [protocolHeaders.sequence]: String(this.#sequence),
    };
    const created = Math.floor(Date.now() / 1000);
    const signable = { method: 'POST', path, query, body, headers: fields };
    const signed = signRequest(signable, { created, keyId: this.key.keyId }, this.key.sign, nodeCrypto);
    return {
      method: 'POST',
      target: query === '' ? path : `${path}?${query}`,
      headers: {
        ...fields,
        ...signed,
        'content-type': message.contentType ?? 'application/json',
        ...(message.contentEncoding === undefined ? {} : { 'content-encoding': message.contentEncoding }),
      },
      body,
    };
  }

  json(path: string, body: unknown, level?: number): PreparedRequest {
    return this.sign({ path, body: Buffer.from(JSON.stringify(body)), ...(level === undefined ? {} : { level }) });
  }
}

/** What a device says of itself; for tests that speak the protocol by hand. */
export const deviceFacts = {
  softwareVersion: '0.1.0',
  contentVersion: '1',
  kind: 'process',
  lanAddress: null,
  hostname: 'by-hand',
} as const;

export function pollBody(more: Readonly<Record<string, unknown>> = {}) {
  return {
    level: protocolLevel,
    facts: deviceFacts,
    waitSeconds: 0,
    capacity: 0,
    availablePercent: 100,
    leases: [],
    spool: { events: 0, bytes: 0, full: false },
    trouble: [],
    ...more,
  };
}
