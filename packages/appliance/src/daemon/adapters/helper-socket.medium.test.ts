import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { emptyScanNetwork } from '@picket/contracts/scan-network';
import { afterEach, expect, it } from 'vitest';
import { listenForRequests } from '../../netconf/adapters/helper-socket.ts';
import type { HelperAnswer } from '../../netconf/helper-messages.ts';
import { temporaryFolder } from '../../testing/appliance-bench.ts';
import { helperSocket } from './helper-socket.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** The helper's own socket before work that is done when the test says so. */
async function slowHelper() {
  const folder = await temporaryFolder();
  cleanUps.push(folder.remove);
  const path = join(folder.path, 'network.sock');
  const done = Promise.withResolvers<void>();
  let steps = 0;
  const server = await listenForRequests(path, null, {
    handle: async ({ id }): Promise<HelperAnswer> => {
      await done.promise;
      return { id, type: 'applied', problems: [] };
    },
    working: () => `${(steps += 250)} of 8188 steps are done`,
    everyMs: 20,
  });
  cleanUps.push(() => server.close());
  return { path, done };
}

it('a helper that takes long says how far it is, and whoever only looks is told that it is at work', async () => {
  const { path, done } = await slowHelper();
  const helper = helperSocket(path);
  const heard: string[] = [];
  const offered = helper.offer({ ...emptyScanNetwork, generation: 1 }, 120, (message) => heard.push(message));
  expect(await helper.view()).toMatchObject({
    ok: false,
    error: expect.stringMatching(/still at work: \d+ of 8188 steps/),
  });
  expect(await helper.state()).toMatchObject({ ok: false, error: expect.stringMatching(/still at work/) });
  expect(heard.length).toBeGreaterThan(0);
  expect(heard[0]).toMatch(/^\d+ of 8188 steps are done$/);
  done.resolve();
  expect(await offered).toMatchObject({ ok: true });
});

it('who did not ask for it gets the answer alone', async () => {
  const { path, done } = await slowHelper();
  const asked = connect(path);
  asked.write('{"id":1,"type":"get"}\n');
  // Another request is told of work meanwhile.
  await helperSocket(path).view();
  done.resolve();
  const [line] = await once(asked, 'data');
  expect(String(line)).toBe('{"id":1,"type":"applied","problems":[]}\n');
  asked.destroy();
});
