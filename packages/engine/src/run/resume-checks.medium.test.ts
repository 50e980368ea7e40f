import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { compileCheck } from '@picket/checks/compile-check';
import { type EngineEvent, engineEvent } from '@picket/contracts/event';
import { resumeFrom } from '@picket/contracts/resume';
import { profiles } from '@picket/plan/profile';
import { expect, onTestFinished, test } from 'vitest';
import { nodeSockets } from '../adapters/node-sockets.ts';
import { createRunChecks } from '../checks/run-checks.ts';
import { PauseGate } from '../gate/pause-gate.ts';
import { depsOf, jobOf, ofType } from '../testing/run-on.ts';
import { runJob } from './run-job.ts';
import type { IdentifyService } from './stages.ts';

const address = '127.0.0.11';
const count = 600;
const checks = Array.from({ length: count }, (_, index) => {
  const compiled = compileCheck(
    `id: check-${index}\ninfo:\n  name: ${index}\n  severity: low\nhttp:\n  - path: ["{{BaseURL}}/${index}"]\n    matchers:\n      - type: word\n        words: ["weak"]\n`,
  );
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
});
const identify: IdentifyService = async () => ({ service: 'http', cpes: [], confidence: 1, method: 'probe' });

/** A web server that counts what it was asked; every fiftieth page is weak. */
async function webServer() {
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.set(path, (asked.get(path) ?? 0) + 1);
    response.end(Number(path.slice(1)) % 50 === 0 ? 'weak' : 'strong');
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  onTestFinished(() => void server.close());
  return { asked, port: (server.address() as AddressInfo).port };
}

const total = (asked: ReadonlyMap<string, number>) => [...asked.values()].reduce((sum, times) => sum + times, 0);

test.each(['crash', 'cancel'] as const)(
  'a %s in the midst of a host costs only the checks that were not told yet',
  async (how) => {
    const { asked, port } = await webServer();
    const deps = () =>
      depsOf(systemClock, nodeSockets(), {
        random: systemRandom,
        identify,
        checks: createRunChecks({ version: '1', checks }),
      });
    const job = jobOf({
      targets: address,
      ports: String(port),
      assumeAlive: true,
      services: true,
      checks: true,
      profile: profiles.lab,
    });
    const journal: EngineEvent[] = [];
    const cancel = new AbortController();
    const first = runJob(job, deps(), { signal: cancel.signal, pause: new PauseGate() });
    for (let next = await first.next(); !next.done; next = await first.next()) {
      journal.push(engineEvent.parse(next.value));
      if (ofType(journal, 'checked').length < 3) continue;
      if (how === 'crash') break;
      cancel.abort('enough');
    }
    await first.return({ outcome: 'stopped' });
    const sent = total(asked);
    expect(sent).toBeGreaterThan(50);
    expect(sent).toBeLessThan(count);
    const second = runJob({ ...job, resume: resumeFrom(journal) }, deps(), {
      signal: new AbortController().signal,
      pause: new PauseGate(),
    });
    const rest: EngineEvent[] = [];
    for (let next = await second.next(); !next.done; next = await second.next())
      rest.push(engineEvent.parse(next.value));
    expect(asked.size).toBe(count);
    expect([...asked.values()].filter((times) => times > 2)).toEqual([]);
    // At most a hundred that had not been told, and what was under way.
    expect(total(asked) - count).toBeLessThanOrEqual(100 + 2 * profiles.lab.checksPerHost);
    const all = [...journal, ...rest];
    const passed = ofType(all, 'checked').flatMap((event) => event.passed);
    expect(new Set(passed).size).toBe(passed.length);
    const weak = new Set(ofType(all, 'finding').map((event) => event.check));
    expect(passed.length + weak.size).toBe(count);
    expect(weak.size).toBe(count / 50);
  },
);
