import { afterAll, describe, expect, it } from 'vitest';
import type { HostCall, ScriptOutcome } from '../checks/javascript/sandbox/script-messages.ts';
import { scriptLimits } from '../checks/javascript/sandbox/script-limits.ts';
import { scriptThreads } from './script-thread.ts';

const runner = scriptThreads({ computeMs: 500, graceMs: 500 });
const controller = new AbortController();
afterAll(() => controller.abort());

const refuseAll: HostCall = async (name) => ({ ok: false, message: `no ${name}` });

function run(source: string, call: HostCall = refuseAll, calls: readonly string[] = []): Promise<ScriptOutcome> {
  const variables = { Host: '10.0.0.1', Port: '80' };
  return runner.run({ kind: 'block', source, variables, calls }, call, controller.signal);
}

describe('a script', () => {
  it('gives the value of its last statement', async () => {
    expect(await run('let a = Port; if (a === "80") { b = [Host, 1, true, null] } else { exit() }')).toEqual({
      kind: 'done',
      response: ['10.0.0.1', 1, true, null],
      success: true,
      named: {},
    });
  });

  it('gives what it exports, and the last value after it, as a text', async () => {
    expect(await run('Export({ SupportV1: true }); ExportAs("x", 5); "end"')).toEqual({
      kind: 'done',
      response: '{\n  "SupportV1": true\n}end',
      success: true,
      named: { x: '5' },
    });
    expect(await run('Export(undefined)')).toMatchObject({ response: '', success: false });
  });

  it('calls functions of the host as if they returned at once, bytes included', async () => {
    const asked: unknown[] = [];
    const call: HostCall = async (name, args) => {
      asked.push([name, ...args]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { ok: true, value: name === 'net.Open' ? 7 : Uint8Array.of(1, 255) };
    };
    const outcome = await run(
      'const c = require("nuclei/net").Open("tcp", "10.0.0.1:1"); c.Send(new Uint8Array([0, 254])); const r = c.Recv(4); [r.length, r[1]]',
      call,
    );
    expect(outcome).toMatchObject({ response: [2, 255] });
    expect(asked).toEqual([
      ['net.Open', 'tcp', '10.0.0.1:1'],
      ['net.NetConn.Send', 7, Uint8Array.of(0, 254)],
      ['net.NetConn.Recv', 7, 4],
    ]);
  });

  it('sees a refusal of the host as an exception, which it may catch', async () => {
    expect(await run('require("nuclei/redis").GetServerInfo(Host, Port)')).toEqual({
      kind: 'threw',
      message: 'Error: no redis.GetServerInfo',
    });
    expect(await run('try { isPortOpen(Host, Port) } catch (e) { "caught " + e.message }')).toMatchObject({
      response: 'caught no isPortOpen',
    });
  });

  it('ends with exit, and catching it changes nothing', async () => {
    expect(await run('for (;;) { try { process.exit(1) } catch (e) {} }')).toEqual({ kind: 'ended' });
  });

  it('finds nothing of the host in its sandbox', async () => {
    const names =
      'process.env.PATH, typeof Buffer, typeof fetch, typeof WebAssembly, typeof SharedArrayBuffer === "undefined" || typeof Atomics';
    expect(await run(`[${names}].map(String).join()`)).toMatchObject({
      response: expect.stringMatching(/^undefined,undefined,undefined,undefined/),
    });
    expect(await run('require("fs")')).toMatchObject({ kind: 'threw' });
    expect(await run('require("nuclei/fs")')).toMatchObject({ kind: 'threw' });
    expect(await run('import("node:fs").then(() => 1)')).not.toMatchObject({ response: 1 });
    expect(await run('this.constructor.constructor("return typeof process.binding")()')).toMatchObject({
      response: 'undefined',
    });
  });
});

describe('a hostile script', () => {
  const time = { kind: 'stopped', limit: 'time' };
  const memory = { kind: 'stopped', limit: 'memory' };

  it.each([
    ['an endless loop', 'for (;;);', time],
    ['an endless loop that catches everything', 'for (;;) { try { for (;;); } catch (e) {} finally {} }', time],
    ['a pattern that backtracks for ever', '/^(a+)+$/.test("a".repeat(50) + "b")', time],
    ['a comparison that never ends', '[2, 1].sort(() => { for (;;); })', time],
    ['a job that never ends', 'Promise.resolve().then(() => { for (;;); }); 1', time],
    [
      'a loop inside a built-in function, which only the end of the thread stops',
      'new Array(4294967295).join("")',
      time,
    ],
    ['a list that grows', 'const a = []; for (;;) a.push("x".repeat(1000) + a.length)', memory],
    ['a text that doubles', 'let s = "ab"; for (;;) s += s', memory],
    ['a block of memory', 'new Uint8Array(1 << 30)', memory],
  ])('is stopped: %s', async (_name, source, ending) => {
    const outcome = await run(source);
    // A text can meet the longest length of the language before the memory.
    if (outcome.kind === 'threw') expect(outcome.message).toMatch(/string too long|length/);
    // On a busy machine the time may be over before the memory is.
    else if (ending === memory) expect(outcome).toMatchObject({ kind: 'stopped' });
    else expect(outcome).toMatchObject(ending);
  });

  it.each([
    ['deep recursion', '(function f() { f(); })()'],
    ['deep JSON', 'let o = {}; for (let i = 0; i < 100000; i++) o = { o }; Export(o)'],
    ['deep patterns', 'new RegExp("(".repeat(50000))'],
    ['a getter that throws', 'Export({ get a() { throw new Error("boo") } })'],
    ['a text that throws', 'Export({ toJSON() { throw new Error("boo") } })'],
    ['an error that throws', 'throw { toString() { throw 1 }, get message() { throw 2 } }'],
    ['a proxy as its value', 'new Proxy({}, { ownKeys() { throw 3 } })'],
  ])('only harms itself: %s', async (_name, source) => {
    const outcome = await run(source);
    expect(['threw', 'stopped']).toContain(outcome.kind);
    expect(await run('1 + 1')).toMatchObject({ response: 2 });
  });

  it.each([
    ['values without JSON', '[() => 1, Symbol("x"), 10n, NaN, undefined]'],
    ['itself', 'const o = {}; o.o = 1; globalThis.x = o; x'],
    ['a promise that never settles', 'new Promise(() => {})'],
    ['bytes', 'new Uint8Array([1, 2])'],
  ])('may return %s', async (_name, source) => {
    expect(await run(source)).toMatchObject({ kind: 'done' });
  });

  it('cannot reach the host through what it passes to a function', async () => {
    const asked: unknown[] = [];
    const call: HostCall = async (name, args) => {
      asked.push([name, args]);
      return { ok: true, value: null };
    };
    const hostile = [
      'Object.prototype.toJSON = function () { return { $bytes: 5, __proto__: null } }; isPortOpen("a", 1)',
      'Array.prototype.map = () => { throw 1 }; JSON.stringify = () => "x"; isPortOpen({ __proto__: { a: 1 }, constructor: 2 }, 1)',
      'isPortOpen({ toString() { throw new Error("boo") }, get a() { throw new Error("boo") } }, 1)',
      'WeakMap.prototype.get = () => 3; Object.defineProperty = null; require("nuclei/bytes").NewBuffer.call(null, "x")',
      'globalThis.JSON = null; globalThis.Uint8Array = function () {}; isPortOpen("a".repeat(10), [[[[]]]])',
    ];
    for (const source of hostile) expect(['done', 'threw']).toContain((await run(source, call)).kind);
    expect(({} as { a?: number }).a).toBeUndefined();
    for (const [, args] of asked as [string, unknown][]) expect(Array.isArray(args)).toBe(true);
  });

  it('may call the host only so often, and with so much', async () => {
    const call: HostCall = async () => ({ ok: true, value: null });
    expect(await run('for (;;) log2(1)', call, ['log2'])).toMatchObject({ kind: 'stopped' });
    expect(await run('try { log2("x".repeat(4194400)) } catch (e) { e.message }', call, ['log2'])).toMatchObject({
      response: 'the arguments are too long',
    });
  });

  it('leaves the main thread free', async () => {
    const running = run('for (;;);');
    let turns = 0;
    const ticker = setInterval(() => {
      turns += 1;
    }, 10);
    await running;
    clearInterval(ticker);
    expect(turns).toBeGreaterThan(20);
  });

  it('ends with its check while it waits for an answer', async () => {
    const own = new AbortController();
    const variables = { Host: 'a', Port: '1' };
    const job = { kind: 'block', source: 'isPortOpen(Host, Port)', variables, calls: [] } as const;
    const never = runner.run(job, () => new Promise(() => setTimeout(() => own.abort(), 10)), own.signal);
    expect(await never).toMatchObject({ kind: 'stopped', limit: 'cancelled' });
  });
});

it('runs the scripts that flows wait for, however many flows run at once', async () => {
  const inside: HostCall = async () => {
    const outcome = await run('1 + 1');
    return { ok: true, value: outcome.kind === 'done' ? outcome.response : outcome.kind };
  };
  const flow = { kind: 'flow', source: 'javascript(1)', variables: {}, calls: ['javascript'] } as const;
  const flows = Array.from({ length: 3 * scriptLimits.threads }, () => runner.run(flow, inside, controller.signal));
  for (const outcome of await Promise.all(flows)) expect(outcome).toMatchObject({ kind: 'done', response: 2 });
});

it('leaves nothing behind: memory stays flat over many runs', async () => {
  const rss = () => process.memoryUsage().rss / 1_048_576;
  const source = '"x".repeat(3000000).length';
  const batch = async (count: number) => {
    for (let at = 0; at < count; at += 4) await Promise.all([1, 2, 3, 4].map(() => run(source)));
  };
  await batch(40);
  const before = rss();
  await batch(200);
  // One run that stayed would hold three megabytes.
  expect(rss() - before).toBeLessThan(150);
}, 240_000);
