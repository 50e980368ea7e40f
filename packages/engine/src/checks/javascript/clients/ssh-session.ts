import { createHash } from 'node:crypto';
import type { Random } from '@picket/base/random';
import { ascii, be32, concat, latin, u32be, u8 } from '../../../services/bytes.ts';
import type { Channel } from '../channel.ts';
import { foreignAnswer, misuse, refusal } from '../script-fault.ts';
import { type SshGuard, sshCiphers, sshGuard, sshMacs } from './ssh-cipher.ts';
import { decodeSshOffer, parseSshIdentification, SshFields, type SshOffer, sshString } from './ssh-fields.ts';
import { derivedKey, keyExchanges, startKeyExchange } from './ssh-kex.ts';

/** How we name ourselves. */
export const ownIdentification = 'SSH-2.0-Picket';
const hostKeys = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
  'ssh-dss',
];
const mostPacket = 262_144;

type Identification = NonNullable<ReturnType<typeof parseSshIdentification>>;

/** What both sides agreed on. */
export interface SshChoice {
  readonly kex: string;
  readonly hostKey: string;
  readonly cipherOut: string;
  readonly cipherIn: string;
  readonly macOut: string;
  readonly macIn: string;
}

/**
 * The client's side of SSH 2 (RFC 4253 and 4252) as far as a log-in goes. The host key is read and not verified: this is there to look at
 * it. Everything that a server sends is bounded.
 */
export class SshSession {
  readonly #channel: Channel;
  readonly #random: Random;
  #sent = 0;
  #received = 0;
  #out: SshGuard | null = null;
  #in: SshGuard | null = null;

  constructor(channel: Channel, random: Random) {
    this.#channel = channel;
    this.#random = random;
  }

  /** Both identifications, and the lists of both sides. */
  async hello(): Promise<{
    readonly id: Identification;
    readonly offer: SshOffer;
    readonly ours: Uint8Array;
    readonly theirs: Uint8Array;
  }> {
    await this.#channel.write(ascii(`${ownIdentification}\r\n`));
    const id = await this.#identification();
    const ours = this.#ownOffer();
    await this.#send(ours);
    const theirs = await this.#receive();
    const offer = decodeSshOffer(theirs);
    if (offer === null) throw foreignAnswer('SSH');
    return { id, offer, ours, theirs };
  }

  /** Exchanges keys; from then on everything is enciphered. The host's key as it came. */
  async secure(
    hello: Awaited<ReturnType<SshSession['hello']>>,
  ): Promise<{ readonly hostKey: Uint8Array; readonly choice: SshChoice }> {
    const choice = chosen(hello.offer);
    const exchange = choice && startKeyExchange(choice.kex);
    if (!choice || !exchange) throw misuse('the server and the scanner have no algorithms in common');
    await this.#send(concat(Uint8Array.of(30), exchange.ours));
    const reply = await this.#receive();
    if (u8(reply, 0) !== 31) throw foreignAnswer('SSH');
    const fields = new SshFields(reply, 1);
    const hostKey = fields.string();
    const theirs = fields.string();
    const secret = exchange.secret(theirs);
    if (secret === null) throw foreignAnswer('SSH');
    const hash = createHash(exchange.hash);
    for (const part of [ownIdentification, hello.id.raw, hello.ours, hello.theirs, hostKey])
      hash.update(sshString(part));
    const id = new Uint8Array(hash.update(exchange.ours).update(sshString(theirs)).update(secret).digest());
    const keys = (letter: string, length: number) =>
      derivedKey({ hash: exchange.hash, secret, exchange: id, letter }, length);
    await this.#send(Uint8Array.of(21));
    this.#out = sshGuard(choice.cipherOut, choice.macOut, ['A', 'C', 'E'], keys);
    if (u8(await this.#receive(), 0) !== 21) throw foreignAnswer('SSH');
    this.#in = sshGuard(choice.cipherIn, choice.macIn, ['B', 'D', 'F'], keys);
    return { hostKey, choice };
  }

  /** Asks without a password: the ways to log in; null when it lets in just so. */
  async waysToLogIn(user: string): Promise<readonly string[] | null> {
    await this.#send(concat(Uint8Array.of(5), sshString('ssh-userauth')));
    if (u8(await this.#receive(), 0) !== 6) throw foreignAnswer('SSH');
    return this.#authenticate(user, 'none', new Uint8Array(0));
  }

  /** After `waysToLogIn`. Throws a refusal when the password is wrong. */
  async password(user: string, password: string): Promise<void> {
    const ways = await this.#authenticate(user, 'password', concat(Uint8Array.of(0), sshString(password)));
    if (ways !== null) throw refusal('the server refuses the password');
  }

  async #authenticate(user: string, method: string, more: Uint8Array): Promise<readonly string[] | null> {
    await this.#send(concat(Uint8Array.of(50), sshString(user), sshString('ssh-connection'), sshString(method), more));
    for (let count = 0; count < 8; count += 1) {
      const answer = await this.#receive();
      const type = u8(answer, 0);
      if (type === 52) return null;
      if (type === 51) return new SshFields(answer, 1).names();
      if (type === 60) throw refusal('the server wants the password changed');
      if (type !== 53) throw foreignAnswer('SSH');
    }
    throw foreignAnswer('SSH');
  }

  /** Lines before the identification are allowed (RFC 4253 section 4.2); so many are read. */
  async #identification(): Promise<Identification> {
    for (let count = 0; count < 20; count += 1) {
      const line = latin(await this.#channel.takeUntil(Uint8Array.of(10))).replace(/\r?\n$/, '');
      const id = parseSshIdentification(line);
      if (id !== null) return id;
      if (line.length > 1024) break;
    }
    throw foreignAnswer('SSH');
  }

  #ownOffer(): Uint8Array {
    const cookie = Uint8Array.from({ length: 16 }, () => this.#random.integer(256));
    const [ciphers, macs] = [sshCiphers.join(','), sshMacs.join(',')];
    const lists = [keyExchanges.join(','), hostKeys.join(','), ciphers, ciphers, macs, macs, 'none', 'none', '', ''];
    return concat(Uint8Array.of(20), cookie, ...lists.map(sshString), new Uint8Array(5));
  }

  async #send(payload: Uint8Array): Promise<void> {
    const block = this.#out?.block ?? 8;
    const counted = this.#out?.clearLength ? 1 : 5;
    const padding = 4 + ((block * 2 - ((counted + payload.length + 4) % block)) % block);
    const filler = Uint8Array.from({ length: padding }, () => this.#random.integer(256));
    const packet = concat(be32(1 + payload.length + padding), Uint8Array.of(padding), payload, filler);
    await this.#channel.write(this.#out === null ? packet : this.#out.seal(this.#sent, packet));
    this.#sent += 1;
  }

  /** The next message that means something here. */
  async #receive(): Promise<Uint8Array> {
    for (let count = 0; count < 20; count += 1) {
      const payload = await this.#packet();
      const type = u8(payload, 0);
      if (type === 1) throw refusal(`the server hangs up: ${new SshFields(payload, 5).text().slice(0, 120)}`);
      // Ignore, unimplemented, debug, extensions, global requests.
      if (![2, 3, 4, 7, 80].includes(type)) return payload;
    }
    throw foreignAnswer('SSH');
  }

  async #packet(): Promise<Uint8Array> {
    const guard = this.#in;
    const raw = await this.#channel.take(guard === null || guard.clearLength ? 4 : guard.block);
    const clear = guard === null ? raw : guard.open(raw);
    const length = u32be(clear, 0);
    if (length < 2 || length > mostPacket || length + 4 < raw.length) throw foreignAnswer('SSH');
    const rest = await this.#channel.take(length + 4 - raw.length);
    const tag = guard === null ? rest : await this.#channel.take(guard.tag);
    if (guard !== null && !guard.clearLength && rest.length % guard.block !== 0) throw foreignAnswer('SSH');
    const packet = guard === null ? concat(raw, rest) : guard.finish(this.#received, { raw, clear }, rest, tag);
    this.#received += 1;
    if (packet === null) throw foreignAnswer('SSH');
    return packet.subarray(5, Math.max(5, packet.length - u8(packet, 4)));
  }
}

/** The first of ours that the server has too, for each list; null where there is none. */
function chosen(offer: SshOffer): SshChoice | null {
  const first = (ours: readonly string[], theirs: readonly string[]) => ours.find((name) => theirs.includes(name));
  const kex = first(keyExchanges, offer.kex);
  const hostKey = first(hostKeys, offer.hostKey);
  const cipherOut = first(sshCiphers, offer.ciphersOut);
  const cipherIn = first(sshCiphers, offer.ciphersIn);
  const macOut = first(sshMacs, offer.macsOut);
  const macIn = first(sshMacs, offer.macsIn);
  if (!kex || !hostKey || !cipherOut || !cipherIn || !macOut || !macIn) return null;
  return { kex, hostKey, cipherOut, cipherIn, macOut, macIn };
}
