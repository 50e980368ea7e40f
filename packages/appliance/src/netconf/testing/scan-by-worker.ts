import { fileURLToPath } from 'node:url';
import { keyPairFromPem, newPrivateKeyPem } from '@picket/base/adapters/ed25519';
import type { EngineEvent } from '@picket/contracts/event';
import type { Lease } from '@picket/contracts/lease';
import { emptyResume } from '@picket/contracts/resume';
import { workerLauncher } from '../../daemon/adapters/worker-process.ts';
import { leaseFor } from '../../testing/lease-for.ts';
import { readLayout } from '../adapters/read-layout.ts';

const worker = fileURLToPath(new URL('../../worker/main.ts', import.meta.url));

/** Runs a lease in a real scan worker, started as the daemon of the appliance starts it; gives its events. `run` is the helper's folder. */
export function scanByWorker(run: string, changes: Partial<Lease>): Promise<EngineEvent[]> {
  const key = keyPairFromPem(newPrivateKeyPem());
  const bytes = Buffer.from(JSON.stringify(leaseFor(changes)));
  const signature = Buffer.from(key.sign(bytes)).toString('base64url');
  const lease = { payload: bytes.toString('base64url'), signature, keyId: key.keyId };
  const launch = workerLauncher(
    worker,
    () => ['--network-run', run],
    null,
    () => readLayout(run),
  );
  const events: EngineEvent[] = [];
  return new Promise((resolve, reject) => {
    let outcome = 'it told no outcome';
    const handle = launch({
      onMessage: (message) => {
        if (message.type === 'event') {
          events.push(message.event);
          handle.send({ type: 'ack', count: 1 });
        } else if (message.type === 'ended') outcome = message.outcome;
        else if (message.type === 'refused') outcome = `refused: ${message.message}`;
      },
      onExit: (how) => (outcome === 'complete' ? resolve(events) : reject(new Error(`${outcome}; ${how}`))),
    });
    const start = { platformKey: key.publicKey, applianceId: 7, clockOffsetMs: 0, resume: emptyResume };
    handle.send({ type: 'start', lease, ...start });
  });
}
