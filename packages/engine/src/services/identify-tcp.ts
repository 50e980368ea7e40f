import type { Connection, TlsSession } from '@picket/base/dialer';
import type { IdentifyTarget, StageTools } from '../run/stages.ts';
import { asksForTls, candidates, expectsTls, fallbacks, hintedProbes } from './candidates.ts';
import { concat } from './bytes.ts';
import { type Conversation, converse } from './converse.ts';
import type { PortOutcome } from './outcome.ts';
import type { Identification, ProbeContext, ServiceProbe } from './probe.ts';
import type { ServiceTiming } from './timing.ts';

/** Most of a silent port's time is waiting for answers that never come. */
const fallbacksAtOnce = 3;

interface Contact {
  readonly connection: Connection;
  readonly tls: TlsSession | null;
}

/** Finds out what speaks on one open TCP port. Holds state only while it does. */
export class TcpIdentifier {
  readonly #target: IdentifyTarget;
  readonly #tools: StageTools;
  readonly #timing: ServiceTiming;
  readonly #probes: readonly ServiceProbe[];
  readonly #endsAt: number;
  readonly #tried = new Set<string>();
  #evidence: { probe: string; bytes: Uint8Array } | null = null;
  #tlsSeen: TlsSession | null = null;
  #wantsTls = false;
  #closedAtOnce = false;
  #unreachable = false;

  constructor(target: IdentifyTarget, tools: StageTools, timing: ServiceTiming, probes: readonly ServiceProbe[]) {
    this.#target = target;
    this.#tools = tools;
    this.#timing = timing;
    this.#probes = probes;
    this.#endsAt = tools.clock.monotonic() + timing.totalMs;
  }

  async run(): Promise<PortOutcome> {
    const tlsFirst = expectsTls(this.#probes, this.#target.port);
    const first = await this.#round(tlsFirst);
    if (first && !(this.#wantsTls && !tlsFirst)) return first;
    const second = this.#evidence?.probe === 'banner' ? null : await this.#round(!tlsFirst);
    if (second) return second;
    if (first) return first;
    // A server that spoke first in words nobody knows would not listen to other protocols either.
    return (this.#evidence?.probe === 'banner' ? null : await this.#fallback()) ?? this.#nothing();
  }

  /** One go in clear text or inside TLS: a banner if one comes, then the probes of this port, then HTTP. */
  async #round(tls: boolean): Promise<PortOutcome | null> {
    if (this.#over()) return null;
    const contact = await this.#open(tls);
    if (!contact) return null;
    const order = candidates(this.#probes, this.#target.port, tls);
    const generic = this.#probes.filter((probe) => probe.name === 'http' && !order.client.includes(probe));
    // Who asked for TLS in words of HTTP will not greet inside it; should it do so after all, the banner comes as an answer.
    const askAtOnce = tls && this.#wantsTls && !order.expectsBanner;
    if ((order.client.length === 0 || order.expectsBanner) && !askAtOnce) {
      const wait = order.expectsBanner ? this.#timing.usualBannerMs : this.#timing.bannerMs;
      const outcome = await contact.connection.read({ timeoutMs: wait, maxBytes: 65_536, until: bannerWhole });
      if (outcome.bytes.length > 0) return this.#byBanner(contact, outcome.bytes, tls);
      if (outcome.end === 'closed' || outcome.end === 'reset') {
        contact.connection.close();
        this.#closedAtOnce = true;
        return this.#probeEach([...order.client, ...generic], tls, null);
      }
    }
    return this.#probeEach([...order.client, ...generic], tls, contact);
  }

  async #probeEach(
    list: readonly ServiceProbe[],
    tls: boolean,
    open: Contact | null,
    answerMs = this.#timing.answerMs,
  ): Promise<PortOutcome | null> {
    const queue = [...list];
    let contact = open;
    for (let probe = queue.shift(); probe && !this.#over(); probe = queue.shift()) {
      this.#tried.add(`${probe.name}/${tls}`);
      contact ??= await this.#open(tls);
      if (!contact) return null;
      const conversation = await this.#converse(contact, probe, tls, [], answerMs);
      const used = contact;
      contact.connection.close();
      contact = null;
      if (conversation.reflected) return this.#echo(conversation, used);
      const found = probe.classify(conversation.answers, this.#context(tls));
      if (found) {
        if (!tls && asksForTls(conversation.answers[0] ?? new Uint8Array(0))) this.#wantsTls = true;
        return this.#refine(this.#outcome(found, probe, conversation, used), tls);
      }
      const answer = conversation.answers[0];
      if (!answer) continue;
      this.#closedAtOnce = false;
      this.#evidence ??= { probe: probe.name, bytes: answer };
      if (this.#lateBanner(answer, tls)) return this.#byBanner(await this.#open(tls), null, tls);
      const hinted = hintedProbes(answer);
      queue.unshift(
        ...this.#probes.filter((each) => hinted.includes(each.name) && !this.#tried.has(`${each.name}/${tls}`)),
      );
    }
    contact?.connection.close();
    return null;
  }

  /** The server spoke first. */
  async #byBanner(contact: Contact | null, given: Uint8Array | null, tls: boolean): Promise<PortOutcome | null> {
    if (!contact) return null;
    const banner = given ?? (await this.#readBanner(contact));
    if (!banner) return null;
    this.#evidence ??= { probe: 'banner', bytes: banner };
    const sure = this.#bannerProbe(banner, tls);
    const order = candidates(this.#probes, this.#target.port, tls).server;
    const asked = sure ? [sure] : order.filter((probe) => probe.mayBe?.(banner) === true);
    let current: Contact | null = contact;
    for (const probe of asked) {
      const opened: Contact | null = current ?? (await this.#open(tls));
      const first = current ? banner : opened ? await this.#readBanner(opened) : null;
      current = null;
      if (!opened || !first) continue;
      const conversation = await this.#converse(opened, probe, tls, [first], this.#timing.answerMs);
      opened.connection.close();
      const answers = conversation.reflected ? [first] : conversation.answers;
      const found = probe.classify(answers, this.#context(tls)) ?? probe.classify([first], this.#context(tls));
      if (found) return this.#outcome(found, probe, conversation, opened);
    }
    contact.connection.close();
    const hinted = hintedProbes(banner);
    const rest = this.#probes.filter((each) => hinted.includes(each.name) && !this.#tried.has(`${each.name}/${tls}`));
    return rest.length > 0 ? this.#probeEach(rest, tls, null) : null;
  }

  /** The server-first probe that is surest of this banner; of equals, the one whose port this is. */
  #bannerProbe(banner: Uint8Array, tls: boolean): ServiceProbe | undefined {
    const context = this.#context(tls);
    const sure = candidates(this.#probes, this.#target.port, tls).server.flatMap((probe) => {
      const found = probe.classify([banner], context);
      return found ? [{ probe, confidence: found.confidence ?? 1 }] : [];
    });
    return sure.sort((a, b) => b.confidence - a.confidence)[0]?.probe;
  }

  /** The answer to a question is a greeting that was slow to come: the server wants to speak first, so it is met again and heard out. */
  #lateBanner(answer: Uint8Array, tls: boolean): boolean {
    const { server, expectsBanner } = candidates(this.#probes, this.#target.port, tls);
    if (this.#bannerProbe(answer, tls)) return true;
    return expectsBanner && server.some((probe) => probe.mayBe?.(answer) === true);
  }

  async #readBanner(contact: Contact): Promise<Uint8Array | null> {
    const outcome = await contact.connection.read({
      timeoutMs: this.#timing.likelyBannerMs,
      maxBytes: 65_536,
      until: bannerWhole,
    });
    if (outcome.bytes.length > 0) return outcome.bytes;
    contact.connection.close();
    return null;
  }

  /** Asks a more knowing probe about what was found. */
  async #refine(outcome: PortOutcome, tls: boolean): Promise<PortOutcome> {
    const name = outcome.identification?.refineWith;
    const probe = this.#probes.find((each) => each.name === name);
    if (!probe || this.#tried.has(`${probe.name}/${tls}`)) return outcome;
    return (await this.#probeEach([probe], tls, null)) ?? outcome;
  }

  /** Nobody expects anything on this port: the commonest client-first protocols, one connection each, some side by side. */
  async #fallback(): Promise<PortOutcome | null> {
    const rest = fallbacks(this.#probes).filter((probe) => !this.#tried.has(`${probe.name}/false`));
    for (let at = 0; at < rest.length && !this.#unreachable && !this.#over(); at += fallbacksAtOnce) {
      const together = rest.slice(at, at + fallbacksAtOnce);
      const outcomes = await Promise.all(
        together.map((probe) => this.#probeEach([probe], false, null, this.#timing.fallbackAnswerMs)),
      );
      const found = outcomes.find((outcome) => outcome !== null);
      if (found) return found;
    }
    return null;
  }

  async #converse(
    contact: Contact,
    probe: ServiceProbe,
    tls: boolean,
    given: Uint8Array[],
    answerMs: number,
  ): Promise<Conversation> {
    const serverName = this.#target.names[0];
    return converse(contact.connection, probe, this.#context(tls), {
      answerMs,
      tlsMs: this.#timing.tlsMs,
      given,
      ...(serverName === undefined ? {} : { serverName }),
    });
  }

  async #open(tls: boolean): Promise<Contact | null> {
    const { address, port } = this.#target;
    const dialed = await this.#tools.dialer.connectTcp({
      address,
      port,
      timeoutMs: this.#timing.connectMs,
      signal: this.#tools.signal,
    });
    if (!dialed.ok) {
      this.#unreachable = dialed.error.kind !== 'reset';
      return null;
    }
    if (!tls) return { connection: dialed.value, tls: null };
    const serverName = this.#target.names[0];
    const session = await dialed.value.startTls({
      timeoutMs: this.#timing.tlsMs,
      ...(serverName === undefined ? {} : { serverName }),
    });
    if (session.ok) {
      this.#tlsSeen = session.value;
      return { connection: dialed.value, tls: session.value };
    }
    dialed.value.close();
    return null;
  }

  #context(tls: boolean): ProbeContext {
    const { address, names, port } = this.#target;
    return { host: names[0] ?? (address.includes(':') ? `[${address}]` : address), port, tls };
  }

  #over(): boolean {
    return this.#tools.signal.aborted || this.#tools.clock.monotonic() >= this.#endsAt;
  }

  #outcome(found: Identification, probe: ServiceProbe, conversation: Conversation, contact: Contact): PortOutcome {
    const evidence = concat(...conversation.answers.map((answer) => answer.subarray(0, 2048)));
    return {
      identification: found,
      probe: probe.name,
      method: probe.opens === 'server' ? 'banner' : 'probe',
      evidence,
      tls: contact.tls ?? conversation.upgrade,
      tunnel: contact.tls ? 'tls' : found.startTls || conversation.upgrade ? 'starttls' : null,
      remark: null,
    };
  }

  #echo(conversation: Conversation, contact: Contact): PortOutcome {
    return {
      identification: { service: 'echo', confidence: 0.9, info: 'sends back whatever it gets' },
      probe: 'echo',
      method: 'probe',
      evidence: conversation.answers.at(-1) ?? new Uint8Array(0),
      tls: contact.tls,
      tunnel: contact.tls ? 'tls' : null,
      remark: null,
    };
  }

  #nothing(): PortOutcome {
    const silent = this.#closedAtOnce ? 'closes the connection without a word' : 'accepts and stays silent';
    return {
      identification: null,
      probe: this.#evidence?.probe ?? (this.#tlsSeen ? 'tls' : 'none'),
      method: 'probe',
      evidence: this.#evidence?.bytes ?? new Uint8Array(0),
      tls: this.#tlsSeen,
      tunnel: this.#tlsSeen ? 'tls' : null,
      remark: this.#evidence ? 'answers in a way that no probe knows' : this.#unreachable ? 'no connection' : silent,
    };
  }
}

/** A banner ends with a line feed, or is a binary packet (it has a NUL) that came in one piece. */
function bannerWhole(received: Uint8Array): boolean {
  const first = received[0] ?? 0;
  return first < 0x20 || first > 0x7e || received.at(-1) === 0x0a || received.includes(0) || received.length > 512;
}
