import type { Clock } from '@picket/base/clock';
import type { Random } from '@picket/base/random';
import { Secret } from '@picket/base/secret';
import { ntlmAccount } from '@picket/ntlm/account';
import { fileTime, ntlmAuthenticate } from '@picket/ntlm/authenticate';
import { decodeChallenge } from '@picket/ntlm/challenge';
import { ntlmNegotiate } from '@picket/ntlm/negotiate';
import { authorityOf, type Destination } from '../connector.ts';
import type { AnswerHead } from './answer-head.ts';
import { type AuthChallenge, authChallenges } from './auth-challenge.ts';
import { basicCredentials, fitsBasic } from './basic.ts';
import { type AuthMethod, chooseMethod, offeredNames } from './choose-method.ts';
import { connectRequest } from './connect-request.ts';
import { bestDigest, type DigestChallenge, digestCredentials } from './digest.ts';
import type { ProxyFault } from './proxy-failure.ts';
import type { ProxyLogin, ProxySettings } from './proxy-settings.ts';

/** What a connector remembers of its proxy from tunnel to tunnel, so that the next one asks for less. */
export interface ProxyMemory {
  /** The method of the last tunnel that opened with a login. */
  method: AuthMethod | null;
  digest: { readonly challenge: DigestChallenge; count: number } | null;
}

export const freshMemory = (): ProxyMemory => ({ method: null, digest: null });

export interface DialogueDeps {
  readonly proxy: ProxySettings;
  readonly destination: Destination;
  readonly memory: ProxyMemory;
  readonly random: Random;
  readonly clock: Clock;
}

/** What to do next. `bound`: only on the connection that the last answer came on. */
export type DialogueStep =
  | { readonly kind: 'ask'; readonly request: Uint8Array; readonly bound: boolean }
  | { readonly kind: 'tunnel' }
  | { readonly kind: 'failed'; readonly fault: ProxyFault };

/** Where the dialogue stands: what the request was that waits for an answer. `early`: its method was remembered, not offered. */
type Phase =
  | { readonly at: 'asked' }
  | { readonly at: 'basic' | 'ntlm-negotiate'; readonly early: boolean }
  | { readonly at: 'digest'; readonly early: boolean; readonly staleTries: number }
  | { readonly at: 'ntlm-authenticate' };

/** A proxy may call its nonces old so often in one dialogue; then it refuses. */
const mostStale = 2;

/** Asks one proxy for one tunnel: which request comes after which answer. No I/O. Ends after seven requests at the latest. */
export class ConnectDialogue {
  readonly #deps: DialogueDeps;
  #phase: Phase = { at: 'asked' };

  constructor(deps: DialogueDeps) {
    this.#deps = deps;
  }

  /** An NTLM exchange is under way: its messages belong to one connection. */
  get ntlm(): boolean {
    return this.#phase.at === 'ntlm-negotiate' || this.#phase.at === 'ntlm-authenticate';
  }

  /** The first request: with the login if it is known how, else without. */
  first(): DialogueStep {
    const { proxy, memory } = this.#deps;
    if (proxy.login === null || proxy.auth === 'none') return this.#ask(null);
    if (proxy.auth === 'basic' && fitsBasic(proxy.login)) return this.#login('basic', proxy.login, [], true);
    return memory.method === null ? this.#ask(null) : this.#login(memory.method, proxy.login, [], true);
  }

  /** What the answer to the last request leads to. Total. */
  next(head: AnswerHead): DialogueStep {
    const { status } = head;
    if (status >= 200 && status < 300) return this.#opened();
    // Tinyproxy refuses a wrong password so.
    if (status === 401 && this.#phase.at !== 'asked') return this.#refused(status);
    if (status !== 407) return this.#failed('proxy-status', `HTTP ${status}`, status);
    const offered = authChallenges(head);
    switch (this.#phase.at) {
      case 'asked':
        return this.#choose(offered);
      case 'basic':
        return this.#phase.early ? this.#again(offered, 'basic') : this.#refused();
      case 'digest':
        return this.#afterDigest(offered, this.#phase);
      case 'ntlm-negotiate':
        return this.#authenticate(offered, this.#phase.early);
      case 'ntlm-authenticate':
        return this.#refused();
    }
  }

  #opened(): DialogueStep {
    const { at } = this.#phase;
    if (at !== 'asked') this.#deps.memory.method = at === 'basic' || at === 'digest' ? at : 'ntlm';
    return { kind: 'tunnel' };
  }

  /** A remembered method did not do: if the proxy offers it still, the login is wrong; else another may do. */
  #again(offered: readonly AuthChallenge[], tried: AuthMethod): DialogueStep {
    this.#deps.memory.method = null;
    return chooseMethod(this.#deps.proxy, offered) === tried ? this.#refused() : this.#choose(offered);
  }

  #choose(offered: readonly AuthChallenge[]): DialogueStep {
    const { proxy } = this.#deps;
    const method = chooseMethod(proxy, offered);
    if (method !== null && proxy.login !== null) return this.#login(method, proxy.login, offered, false);
    const names = offeredNames(offered);
    const usable = chooseMethod({ ...proxy, auth: 'any', login: proxy.login ?? anybody }, offered) !== null;
    if (usable && (proxy.login === null || proxy.auth === 'none'))
      return this.#failed('proxy-status', `HTTP 407: it asks for a login, ${names}`, 407);
    const wanted = proxy.login !== null && proxy.auth !== 'any' ? `, wanted is ${proxy.auth}` : '';
    return this.#failed('proxy-no-auth', `it offers ${names}${wanted}`, 407);
  }

  #login(method: AuthMethod, login: ProxyLogin, offered: readonly AuthChallenge[], early: boolean): DialogueStep {
    if (method === 'basic') {
      this.#phase = { at: 'basic', early };
      return this.#ask(basicCredentials(login));
    }
    if (method === 'ntlm') {
      this.#phase = { at: 'ntlm-negotiate', early };
      return this.#ask(`NTLM ${Buffer.from(ntlmNegotiate).toString('base64')}`);
    }
    const challenge = bestDigest(offered);
    if (challenge !== null) this.#deps.memory.digest = { challenge, count: 0 };
    this.#phase = { at: 'digest', early, staleTries: 0 };
    return this.#digest(login);
  }

  #digest(login: ProxyLogin): DialogueStep {
    const { memory, destination, random } = this.#deps;
    const { digest } = memory;
    if (digest === null) return this.#ask(null);
    digest.count += 1;
    const cnonce = Buffer.from(random.bytes(16)).toString('hex');
    const use = { method: 'CONNECT', uri: authorityOf(destination), count: digest.count, cnonce };
    return this.#ask(digestCredentials(digest.challenge, login, use));
  }

  /** A nonce that became old, or that a restarted proxy does not know, is no wrong password. */
  #afterDigest(
    offered: readonly AuthChallenge[],
    { early, staleTries }: Extract<Phase, { at: 'digest' }>,
  ): DialogueStep {
    const { proxy, memory } = this.#deps;
    const challenge = bestDigest(offered);
    if (challenge === null || proxy.login === null) return early ? this.#again(offered, 'digest') : this.#refused();
    if (!early && !(challenge.stale && staleTries < mostStale)) return this.#refused();
    memory.digest = { challenge, count: 0 };
    this.#phase = { at: 'digest', early: false, staleTries: staleTries + 1 };
    return this.#digest(proxy.login);
  }

  #authenticate(offered: readonly AuthChallenge[], early: boolean): DialogueStep {
    const { login } = this.#deps.proxy;
    const token = offered.find((each) => each.scheme === 'ntlm' && each.token !== null)?.token ?? null;
    if (token === null || login === null) return early ? this.#again(offered, 'ntlm') : this.#refused();
    const bytes = Uint8Array.from(Buffer.from(token, 'base64'));
    const challenge = decodeChallenge(bytes);
    if (challenge === null) return this.#failed('proxy-auth-refused', 'its NTLM challenge can not be read', 407);
    const { random, clock } = this.#deps;
    const { message } = ntlmAuthenticate(challenge, ntlmAccount(login.user, login.password.reveal()), {
      nonce: random.bytes(8),
      time: fileTime(clock.now()),
      exchange: { negotiate: ntlmNegotiate, challenge: bytes },
    });
    this.#phase = { at: 'ntlm-authenticate' };
    return this.#ask(`NTLM ${Buffer.from(message).toString('base64')}`, true);
  }

  #ask(credentials: string | null, bound = false): DialogueStep {
    if (credentials === null) this.#phase = { at: 'asked' };
    return { kind: 'ask', request: connectRequest(this.#deps.destination, credentials), bound };
  }

  #refused(status = 407): DialogueStep {
    this.#deps.memory.method = null;
    const method = {
      basic: 'Basic',
      digest: 'Digest',
      asked: '',
      'ntlm-negotiate': 'NTLM',
      'ntlm-authenticate': 'NTLM',
    };
    return this.#failed('proxy-auth-refused', `HTTP ${status} after a login by ${method[this.#phase.at]}`, status);
  }

  #failed(kind: ProxyFault['kind'], detail: string, status: number): DialogueStep {
    return { kind: 'failed', fault: { kind, detail, status, ntlm: this.ntlm } };
  }
}

/** For the question whether a login would help. */
const anybody: ProxyLogin = { user: 'x', password: new Secret('') };
