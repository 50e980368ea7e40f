import { expect, it } from 'vitest';
import { withPlatform } from '../testing/platform-under-test.ts';

it('a poll that goes beside a held one does not make an appliance a plain polling one', () =>
  withPlatform('embedded', async (under) => {
    const box = await under.appliance(await under.network('10.0.0.0/24'));
    const connection = async () => (await under.api('GET', `/api/v1/appliances/${box.applianceId}`)).json.connection;
    await box.poll({ waitSeconds: 1, capacity: 0 });
    await box.poll({ waitSeconds: 0, capacity: 0, beside: true });
    expect(await connection()).toBe('long-poll');
    await box.poll({ waitSeconds: 0, capacity: 0 });
    expect(await connection()).toBe('polling');
  }));
