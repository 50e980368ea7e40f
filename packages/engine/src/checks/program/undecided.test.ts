import { compileCheck } from '@picket/checks/compile-check';
import type { SocketBlock } from '@picket/checks/protocols/socket/socket-block';
import type { TlsBlock } from '@picket/checks/protocols/tls/tls-block';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../testing/seeded-random.ts';
import type { Conversation } from '../socket/socket-steps.ts';
import { undecidedAnswer, undecidedFacts, undecidedTalk } from './undecided.ts';

const ambient = { random: seededRandom(1), now: () => 0 };
const talk: Conversation = { sent: 'q', received: 'no', heard: true, end: 'closed', scope: new Map() };

function block(body: string): SocketBlock | TlsBlock {
  const compiled = compileCheck(`id: a\ninfo:\n  name: a\n  severity: low\n${body}`);
  const first = compiled.ok ? compiled.value.program().blocks[0] : undefined;
  if (first?.protocol === 'tcp' || first?.protocol === 'udp' || first?.protocol === 'tls') return first;
  throw new Error(JSON.stringify(compiled));
}

describe('an HTTP answer without a match', () => {
  const answer = { status: 404, head: '', headers: [], body: '', seconds: 0, whole: true, coded: null };
  it('passes when it is whole and deals with the request', () => {
    expect(undecidedAnswer(answer)).toBeNull();
    expect(undecidedAnswer({ ...answer, status: 403 })).toBeNull();
  });

  it.each([429, 502, 503, 504, 408])('decides nothing with the status %i', (status) => {
    expect(undecidedAnswer({ ...answer, status })?.detail).toContain(String(status));
  });

  it('decides nothing when it was cut off', () => {
    expect(undecidedAnswer({ ...answer, whole: false })?.reason).toBe('connection-failed');
  });

  it('decides nothing when its body can not be read', () => {
    expect(undecidedAnswer({ ...answer, coded: 'zstd' })).toMatchObject({
      reason: 'check-unsupported',
      detail: expect.stringContaining('zstd'),
    });
  });
});

describe('a conversation without a match', () => {
  const said = { name: null, part: 'data', all: false, negative: false, internal: false } as const;
  const words = { ...said, test: { type: 'word', words: [{ literal: 'x' }], ignoreCase: false } } as const;
  const open = { answered: [], operators: { matchers: [words], all: false, extractors: [] } };
  const judge = (of: Pick<SocketBlock, 'answered' | 'operators'>, more: Partial<Conversation>) => {
    const whole = { ...talk, ...more };
    return undecidedTalk(of, whole, { scope: new Map([['data', whole.received]]), ambient });
  };

  it('passes when something was answered', () => {
    expect(judge(open, {})).toBeNull();
  });

  it('decides nothing after silence, a hang-up, an echo or a greeting alone', () => {
    expect(judge(open, { received: '', heard: false, end: 'timeout' })?.reason).toBe('timeout');
    expect(judge(open, { received: '', heard: false })?.detail).toContain('hung up');
    expect(judge(open, { received: 'q' })?.detail).toContain('sends back');
    expect(judge(open, { received: '421 busy\r\n', heard: false })?.detail).toContain('421 busy');
  });

  it('is not looked at where a TLS fingerprint alone decides', () => {
    const own = (dsl: string) =>
      block(
        `tcp:\n  - host: ["{{Hostname}}"]\n    matchers:\n      - type: dsl\n        dsl: ["${dsl}"]\n`,
      ) as SocketBlock;
    const silence = { received: '', heard: false, end: 'timeout' } as const;
    expect(judge(own("jarm(Hostname) == 'a'"), silence)).toBeNull();
    expect(
      judge(own("jarm(Hostname) == 'a' && contains(data, 'b')"), { ...silence, scope: new Map([['data', '']]) }),
    ).not.toBeNull();
  });

  it('is judged by the expressions of the block, where it has some', () => {
    const own = block(
      'tcp:\n  - host: ["{{Hostname}}"]\n    inputs:\n      - data: "q"\n    picket-answered: [\'starts_with(data, "OK")\']\n    matchers:\n      - type: word\n        words: [x]\n',
    );
    if (own.protocol === 'tls') throw new Error('no socket block');
    expect(judge(own, { received: 'OK' })).toBeNull();
    expect(judge(own, { received: 'ERR' })?.detail).toContain('ERR');
  });
});

describe('a handshake without a match', () => {
  const mismatch = block(
    'ssl:\n  - address: "{{Host}}:{{Port}}"\n    matchers:\n      - type: dsl\n        dsl: ["mismatched == true"]\n',
  );
  it('decides nothing about a fact that is not known, and says why', () => {
    if (mismatch.protocol !== 'tls') throw new Error('no TLS block');
    expect(undecidedFacts(mismatch, new Map<string, string>([['not_after', 'x']]))?.detail).toContain('no name');
    expect(undecidedFacts(mismatch, new Map())?.reason).toBe('tls-failed');
    expect(undecidedFacts(mismatch, new Map<string, string | boolean>([['mismatched', false]]))).toBeNull();
  });
});
