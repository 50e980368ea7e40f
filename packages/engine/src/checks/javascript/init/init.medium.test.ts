import { type AddressInfo, createServer } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { compileCheck } from '@picket/checks/compile-check';
import { scriptModules } from '@picket/checks/script/script-modules';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeSockets } from '../../../adapters/node-sockets.ts';
import { scriptThreads } from '../../../adapters/script-thread.ts';
import { checkSession, defaultCheckLimits } from '../../check-session.ts';
import { runProgram } from '../../program/run-program.ts';
import { scriptFunctions } from '../script-functions.ts';
import type { ScriptRunner } from '../sandbox/script-messages.ts';
import { initFunctions } from './init-functions.ts';
import { ScriptInits } from './script-inits.ts';

const threads = scriptThreads({ computeMs: 500, graceMs: 500 });

function template(init: string, lines = '') {
  const indented = init.replaceAll('\n', '\n        ');
  const source = `id: tried
info:
  name: Tried
  severity: low
variables:
  base: "lab"
javascript:
  - init: |
        ${indented}
    code: |
      Export(typeof Word === "object" ? Word.text : Word)
    args:
      Host: "{{Host}}"
      Port: "{{Port}}"
      Base: "{{base}}"
      Word: "{{words}}"
${lines}    matchers:
      - type: dsl
        dsl: ['success']
`;
  const compiled = compileCheck(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
}

/** Runs a template for several hosts of one scan, and counts the scripts that ran. */
async function run(check: ReturnType<typeof template>, { hosts = 1, port = 1 } = {}) {
  const sources: string[] = [];
  const scripts: ScriptRunner = {
    run: (job, call, signal) => {
      sources.push(job.source);
      return threads.run(job, call, signal);
    },
  };
  const inits = new ScriptInits();
  const tools = {
    dialer: nodeSockets(),
    clock: systemClock,
    random: systemRandom,
    signal: new AbortController().signal,
  };
  const outcomes = await Promise.all(
    Array.from({ length: hosts }, () => {
      const session = checkSession(tools, defaultCheckLimits, new Map(), undefined, { scripts, inits });
      return runProgram(check.program(), { address: '127.0.0.1', name: null, port, tls: false }, session);
    }),
  );
  return { outcomes, sources };
}

const words = '    payloads:\n      words: [from-the-template]\n';

describe('init of a javascript block', () => {
  it('changes payload lists and variables, once for all hosts of a scan', async () => {
    const init = `const made = [];
for (let i = 0; i < 3; i++) made.push(Base + i);
updatePayload("words", made);
set("Extra", { text: bytes.NewBuffer().Write([1, 255]).Hex() });`;
    const { outcomes, sources } = await run(template(init, words), { hosts: 4 });
    for (const { matches, failure } of outcomes) {
      expect(failure).toBeNull();
      expect(matches.map(({ response }) => response)).toEqual(['lab0', 'lab1', 'lab2']);
    }
    expect(sources.filter((source) => source.includes('updatePayload'))).toHaveLength(1);
    expect(sources).toHaveLength(1 + 4 * 3);
  });

  it('may give a value in place of an argument, and what it sets is never an expression', async () => {
    const { outcomes } = await run(template('set("Word", { text: "{{md5(1)}}" })', words));
    expect(outcomes[0]?.matches.map(({ response }) => response)).toEqual(['{{md5(1)}}']);
  });

  it('knows nothing of a host: what depends on one has no value', async () => {
    const { outcomes } = await run(
      template('updatePayload("words", [typeof Host, typeof Port, String(template.Host)])', words),
    );
    expect(outcomes[0]?.matches.map(({ response }) => response)).toEqual(['undefined', 'undefined', 'undefined']);
  });

  it.each([
    ['does not end', 'for (;;);', 'local-limit', 'init: it was stopped'],
    [
      'needs memory',
      'const a = []; for (;;) a.push("x".repeat(100000) + a.length);',
      'local-limit',
      'init: it was stopped',
    ],
    ['throws', 'throw new Error("no luck")', 'check-unsupported', 'no luck'],
    ['is no script', 'let x = ;', 'check-unsupported', 'SyntaxError'],
    ['calls without end', 'for (;;) set("a", 1)', 'local-limit', ''],
    [
      'gives too much',
      'const x = "x".repeat(900000); set("a", x); set("b", x); set("c", x);',
      'check-unsupported',
      'at most',
    ],
    ['asks for a file', 'updatePayload("words", "/etc/passwd")', 'check-unsupported', 'reads no files'],
    ['builds its module', 'require("nuclei/" + ["n", "et"].join(""))', 'module', ''],
  ])('makes its check not evaluable when it %s', async (_what, init, reason, detail) => {
    if (reason === 'module') {
      expect(() => template(init, words)).toThrow('module:computed');
      return;
    }
    const { outcomes, sources } = await run(template(init, words), { hosts: 2 });
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ matches: [], failure: { reason } });
      expect(outcome.failure?.detail).toContain(detail);
    }
    expect(sources).toHaveLength(1);
  });

  it('speaks to nobody, although it hides that it was refused', async () => {
    let heard = 0;
    const server = createServer(() => {
      heard += 1;
    });
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    for (const [call, name] of [
      [`require("nuclei/net").Open("tcp", "127.0.0.1:${port}")`, 'net.Open'],
      [`isPortOpen("127.0.0.1", "${port}")`, 'isPortOpen'],
      [`require("nuclei/redis").Connect("127.0.0.1", ${port}, "x")`, 'redis.Connect'],
      [`const s = require("nuclei/ssh"); new s.SSHClient().Connect("127.0.0.1", ${port}, "a", "b")`, 'ssh.SSHClient'],
    ] as const) {
      const { outcomes } = await run(template(`try { ${call} } catch (e) {}\nupdatePayload("words", ["a"])`, words), {
        port,
      });
      expect(outcomes[0]).toMatchObject({ matches: [], failure: { reason: 'check-unsupported' } });
      expect(outcomes[0]?.failure?.detail).toContain(`an init speaks to nobody, so ${name}`);
    }
    expect(heard).toBe(0);
  });

  it('is refused every function that is not about values alone', () => {
    const quiet = new Set(['bytes', 'structs']);
    const others = Object.keys(scriptModules).filter((name) => !quiet.has(name));
    const loud = [...scriptFunctions]
      .filter(([name, called]) => initFunctions.get(name) !== called)
      .map(([name]) => name);
    for (const name of scriptFunctions.keys()) {
      const [module = ''] = name.split('.');
      if (others.includes(module)) expect(loud, name).toContain(name);
      if (quiet.has(module)) expect(loud, name).not.toContain(name);
    }
    expect(loud).toEqual(expect.arrayContaining(['isPortOpen', 'isUDPPortOpen', 'smb.SMBClient.ListShares']));
  });
});
