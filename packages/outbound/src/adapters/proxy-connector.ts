import { ownValue } from '@picket/base/own-value';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '@picket/base/clock';
import type { Random } from '@picket/base/random';
import { err, ok, type Result } from '@picket/base/result';
import { authorityOf, type Connector, type Destination, type OpenedStream } from '../connector.ts';
import { classifyError, errorCode, type OutboundFailure, plainFailure } from '../failure.ts';
import type { AnswerHead } from '../proxy/answer-head.ts';
import { keepsConnection } from '../proxy/answer-body.ts';
import { ConnectDialogue, type DialogueStep, freshMemory, type ProxyMemory } from '../proxy/connect-dialogue.ts';
import { type ProxyFault, proxyFailure } from '../proxy/proxy-failure.ts';
import type { ProxySettings } from '../proxy/proxy-settings.ts';
import { openTcp } from './open-tcp.ts';
import { type LineEnd, ProxyLine } from './proxy-line.ts';

export interface ProxyConnectorOptions {
  readonly proxy: ProxySettings;
  readonly random: Random;
  readonly clock: Clock;
  /** Name and connection to the proxy, and its TLS, milliseconds each. */
  readonly connectMs?: number;
  /** Each answer of the proxy, from the request to the last byte, milliseconds. A proxy resolves and connects within it. */
  readonly answerMs?: number;
  /** All of it until the tunnel is open, milliseconds: less than the shortest deadline of a request, so that the proxy is what is named. */
  readonly totalMs?: number;
  /** Who may vouch for a proxy that speaks TLS itself (PEM); null: the public authorities. */
  readonly proxyCa?: string | null;
}

/** Connections that end before an answer are opened anew so often in one dialogue: a kept one may just have ended. */
const mostReopened = 3;

/**
 * Tunnels through one HTTP proxy (CONNECT). The name of the proxy is resolved at each connection. What fails, fails: there is no way
 * around the proxy.
 */
export function proxyConnector(options: ProxyConnectorOptions): Connector {
  const memory = freshMemory();
  return { open: (destination, signal) => new Tunnelling(options, memory, destination, signal).open() };
}

class Tunnelling {
  readonly #options: ProxyConnectorOptions;
  readonly #destination: Destination;
  readonly #signal: AbortSignal;
  readonly #dialogue: ConnectDialogue;
  #line: ProxyLine | null = null;
  readonly #endsAt: number;
  /** Answers on the present connection. */
  #answers = 0;
  #reopened = 0;

  constructor(options: ProxyConnectorOptions, memory: ProxyMemory, destination: Destination, signal: AbortSignal) {
    this.#options = options;
    this.#destination = destination;
    this.#signal = signal;
    this.#endsAt = options.clock.monotonic() + (options.totalMs ?? 18_000);
    this.#dialogue = new ConnectDialogue({ ...options, memory, destination });
  }

  async open(): Promise<Result<OpenedStream, OutboundFailure>> {
    let step = this.#dialogue.first();
    while (step.kind === 'ask') {
      const answered = await this.#ask(step);
      if (!answered.ok) return this.#end(answered.error);
      step = this.#dialogue.next(answered.value);
      if (step.kind === 'ask' && !(await this.#reuse(answered.value))) {
        if (step.bound) return this.#end(this.#fault('proxy-closed', 'in the middle of the NTLM exchange'));
        this.#drop();
      }
    }
    if (step.kind === 'failed') return this.#end(this.#failure(step.fault));
    const stream = this.#line?.release();
    if (stream === undefined) return this.#end(this.#fault('proxy-closed', 'before the tunnel'));
    return ok({ stream, via: authorityOf(this.#options.proxy) });
  }

  async #ask(step: Extract<DialogueStep, { kind: 'ask' }>): Promise<Result<AnswerHead, OutboundFailure>> {
    for (;;) {
      const used = this.#answers > 0;
      if (this.#line === null) {
        const opened = await this.#connect();
        if (!opened.ok) return opened;
        this.#line = new ProxyLine(opened.value);
        this.#answers = 0;
      }
      this.#line.send(step.request);
      const answerMs = this.#within(this.#options.answerMs ?? 15_000);
      const answer = await this.#line.answer(answerMs, this.#signal);
      if (typeof answer !== 'string') {
        this.#answers += 1;
        return ok(answer);
      }
      const endedMeanwhile = answer === 'closed' && used && !step.bound && this.#reopened < mostReopened;
      if (!endedMeanwhile) return err(this.#lineFailure(answer, answerMs));
      this.#drop();
    }
  }

  async #reuse(head: AnswerHead): Promise<boolean> {
    if (!keepsConnection(head) || this.#line === null) return false;
    return this.#line.discardBody(head, this.#within(this.#options.answerMs ?? 15_000), this.#signal);
  }

  async #connect(): Promise<Result<Socket, OutboundFailure>> {
    const { proxy } = this.#options;
    const connectMs = this.#within(this.#options.connectMs ?? 10_000);
    const opened = await openTcp(proxy, connectMs, this.#signal);
    if (opened.ok) return proxy.tls ? this.#secure(opened.value, connectMs) : opened;
    const { error } = opened;
    if (error.kind === 'error') {
      const { kind, detail } = classifyError(proxy.host, 'connect', error.error);
      if (detail === 'ECONNRESET') return err(this.#fault('proxy-closed', 'at once'));
      return err(this.#fault('proxy-connect-timeout', `${ownValue(connectWords, kind) ?? kind}: ${detail}`));
    }
    if (error.kind === 'cancelled') return err(plainFailure(this.#destination.host, 'cancelled', 'aborted'));
    const what = error.kind === 'unnamed' ? `${connectWords.dns}: no DNS server` : 'no answer';
    return err(this.#fault('proxy-connect-timeout', `${what} in ${connectMs} ms`));
  }

  /** TLS with the proxy itself, verified as any other. */
  #secure(socket: Socket, connectMs: number): Promise<Result<Socket, OutboundFailure>> {
    const { proxy, proxyCa = null } = this.#options;
    return new Promise((resolve) => {
      const named = isIP(proxy.host) === 0 ? { servername: proxy.host } : {};
      const tls = connectTls({ socket, host: proxy.host, ...named, ...(proxyCa === null ? {} : { ca: proxyCa }) });
      const settle = (detail: string | null) => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', onAbort);
        tls.removeAllListeners('secureConnect').on('error', () => {});
        if (detail === null) return resolve(ok(tls));
        tls.destroy();
        resolve(err(this.#fault('proxy-no-http', `TLS with the proxy failed: ${detail}`)));
      };
      const onAbort = () => settle('cancelled');
      const timer = setTimeout(() => settle(`no answer in ${connectMs} ms`), connectMs);
      this.#signal.addEventListener('abort', onAbort, { once: true });
      tls.once('secureConnect', () => settle(null));
      tls.once('error', (error) => settle(errorCode(error)));
      tls.once('close', () => settle('closed'));
    });
  }

  #lineFailure(end: LineEnd, answerMs: number): OutboundFailure {
    switch (end) {
      case 'cancelled':
        return plainFailure(this.#destination.host, 'cancelled', 'aborted');
      case 'closed':
        return this.#fault('proxy-closed', 'before its answer was whole');
      case 'late':
        return this.#fault('proxy-connect-timeout', `connected, but no answer in ${answerMs} ms`);
      case 'not-http':
        return this.#fault('proxy-no-http', 'its answer is something else');
      case 'too-long':
        return this.#fault('proxy-no-http', 'the head of its answer does not end');
    }
  }

  /** A step's time, as far as there is so much left of the whole. */
  #within(milliseconds: number): number {
    return Math.max(1, Math.min(milliseconds, Math.ceil(this.#endsAt - this.#options.clock.monotonic())));
  }

  #fault(kind: ProxyFault['kind'], detail: string): OutboundFailure {
    return this.#failure({ kind, detail, ntlm: this.#dialogue.ntlm });
  }

  #failure(fault: ProxyFault): OutboundFailure {
    return proxyFailure(this.#destination, this.#options.proxy, fault);
  }

  #drop(): void {
    this.#line?.close();
    this.#line = null;
    this.#reopened += 1;
  }

  #end(failure: OutboundFailure): Result<OpenedStream, OutboundFailure> {
    this.#line?.close();
    return err(failure);
  }
}

const connectWords: Readonly<Record<string, string>> = {
  dns: 'its name could not be resolved',
  refused: 'the connection was refused',
  unreachable: 'its address can not be reached',
};
