import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { canRun } from '../../storage/testing.ts';
import { withTwoReplicas } from '../testing/second-replica.ts';

/** Opens the stream of everything; `ended` resolves once the platform ended it. */
function follow(socketPath: string): Promise<{ status: number; ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path: '/api/v1/stream' }, (response) => {
      response.resume();
      response.on('error', () => {});
      const ended = new Promise<void>((done) => response.once('close', () => done()));
      resolve({ status: response.statusCode ?? 0, ended });
    });
    sent.once('error', reject);
    sent.end();
  });
}

describe.skipIf(!canRun('server'))('an event stream on a replica that loses the database', () => {
  it('ends once notifications may have been lost, and another one can be had', () =>
    withTwoReplicas(async (_under, { relay, socketPath }) => {
      relay.refuseListeners();
      expect((await follow(socketPath)).status).toBe(503);
      relay.mend();
      const first = await follow(socketPath);
      expect(first.status).toBe(200);
      relay.cut();
      relay.mend();
      await first.ended;
      expect((await follow(socketPath)).status).toBe(200);
    }));
});
