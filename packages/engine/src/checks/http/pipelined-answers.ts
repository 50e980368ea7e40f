import type { ReadOutcome } from '@picket/base/dialer';
import type { HttpAnswer } from '@picket/checks/run/http-message';
import { AnswerWatcher, readAnswer } from './http-framing.ts';

/** Why the questions that are left have no answer. */
export type PipelineLoss = 'no-http' | 'closed' | 'surplus';

/**
 * The answers to requests that went out one after the other on one connection, in order (RFC 9112 section 9.3.2). Total. Only an answer
 * whose end is beyond doubt lets another one follow; after anything else the rest is lost.
 */
export class PipelinedAnswers {
  readonly #methods: readonly string[];
  readonly #maxBody: number;
  readonly #seconds: () => number;
  readonly #answers: HttpAnswer[] = [];
  #watcher: AnswerWatcher | null = null;
  #at = 0;
  #loss: PipelineLoss | null = null;

  /** `seconds`: since the requests went out. */
  constructor(methods: readonly string[], maxBody: number, seconds: () => number) {
    this.#methods = methods;
    this.#maxBody = maxBody;
    this.#seconds = seconds;
  }

  /** Whether nothing more can come of the bytes, which grow. */
  readonly isWhole = (bytes: Uint8Array): boolean => {
    while (this.#loss === null && this.#answers.length < this.#methods.length) {
      const rest = bytes.subarray(this.#at);
      const method = this.#methods[this.#answers.length] ?? 'GET';
      this.#watcher ??= new AnswerWatcher(method);
      this.#watcher.isWhole(rest);
      const end = this.#watcher.endsAt(rest);
      if (end === 'open') return false;
      if (end === 'lost') this.#loss = 'no-http';
      else this.#take(rest.subarray(0, end), method, 'complete');
    }
    return true;
  };

  /**
   * What was answered when nothing more comes. An answer too many means that nobody knows which of them belongs to which request: then
   * none is given.
   */
  finish(bytes: Uint8Array, end: ReadOutcome['end']): { answers: readonly HttpAnswer[]; loss: PipelineLoss | null } {
    this.isWhole(bytes);
    const rest = bytes.subarray(this.#at);
    const missing = this.#answers.length < this.#methods.length;
    if (this.#loss === null && missing && end === 'closed') {
      this.#take(rest, this.#methods[this.#answers.length] ?? 'GET', end);
      this.#loss = 'closed';
    } else if (this.#loss !== 'no-http' && (this.#loss === 'closed' || !missing) && beginsAnswer(rest)) {
      return { answers: [], loss: 'surplus' };
    }
    return { answers: this.#answers, loss: this.#loss };
  }

  #take(bytes: Uint8Array, method: string, end: ReadOutcome['end']): void {
    const answer = readAnswer(bytes, method, { maxBody: this.#maxBody, seconds: this.#seconds(), end });
    if (answer === null || (end === 'closed' && !answer.whole)) {
      this.#loss = 'no-http';
      return;
    }
    this.#answers.push(answer);
    this.#at += bytes.length;
    if (this.#watcher?.saysClose()) this.#loss = 'closed';
    this.#watcher = null;
  }
}

function beginsAnswer(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, 7)) === 'HTTP/1.';
}
