import { verify, X509Certificate } from 'node:crypto';
import { verifierOf } from '@picket/base/adapters/ed25519';
import { appliancePaths } from '@picket/contracts/protocol';
import { signedAuthorityText } from '@picket/contracts/signed-authority';
import { signedTimeText } from '@picket/contracts/signed-time';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { withPlatform } from '../testing/platform-under-test.ts';

describe.each(databaseKinds)('enrolment on the %s database', (kind) => {
  it.skipIf(!canRun(kind))('a device shows the same code until a Manager enters it, and then knows who it is', () =>
    withPlatform(kind, async ({ device, api }) => {
      const box = device();
      const first = await box.hello();
      const again = await box.hello();
      expect(first).toMatchObject({ state: 'waiting', activationCode: expect.stringMatching(/^[0-9]{12}$/) });
      expect(again).toEqual(first);
      const code = first.state === 'waiting' ? first.activationCode : '';
      const typed = `${code.slice(0, 4)}-${code.slice(4, 8)} ${code.slice(8)}`;
      const answer = await api('POST', '/api/v1/appliances/activate', { code: typed });
      expect(answer).toMatchObject({
        status: 201,
        json: { name: expect.stringMatching(/^is_/), state: 'active', online: false },
      });
      expect(await box.hello()).toMatchObject({ state: 'activated', applianceId: answer.json.id });
      expect((await box.poll()).settings.name).toBe(answer.json.name);
      expect((await api('POST', '/api/v1/appliances/activate', { code })).json.code).toBe('appliance.code-unknown');
      const listed = await api('GET', '/api/v1/appliances');
      expect(listed.json.items).toMatchObject([{ id: answer.json.id, online: true, connection: 'polling' }]);
    }),
  );

  it.skipIf(!canRun(kind))(
    'tells anybody the time, signed by its authority and its key for the nonce that was sent',
    () =>
      withPlatform(kind, async ({ api, platform }) => {
        const nonce = 'n'.repeat(43);
        const { status, json } = await api('GET', `${appliancePaths.time}?nonce=${nonce}`);
        expect(status).toBe(200);
        const { keys } = platform.context;
        const text = signedTimeText(nonce, json.time);
        const key = { key: new X509Certificate(keys.ca?.pem ?? '').publicKey, dsaEncoding: 'ieee-p1363' } as const;
        const by = (field: string) => Buffer.from(json[field], 'base64url');
        expect(verify('sha256', text, key, by('byAuthority'))).toBe(true);
        expect(verifierOf(keys.platform.publicKey)(text, by('byPlatform'))).toBe(true);
        expect(verifierOf(keys.platform.publicKey)(signedTimeText('m'.repeat(43), json.time), by('byPlatform'))).toBe(
          false,
        );
        for (const query of ['', '?nonce=', '?nonce=short', `?nonce=${'n'.repeat(44)}`])
          expect(await api('GET', `${appliancePaths.time}${query}`)).toMatchObject({
            status: 400,
            json: { code: 'enrolment.nonce-invalid' },
          });
      }),
  );

  it.skipIf(!canRun(kind))('tells anybody its authority, signed by its key for the nonce that was sent', () =>
    withPlatform(kind, async ({ api, platform }) => {
      const nonce = 'n'.repeat(43);
      const { status, json } = await api('GET', `${appliancePaths.authority}?nonce=${nonce}`);
      const { keys } = platform.context;
      expect({ status, caSha256: json.caSha256 }).toEqual({ status: 200, caSha256: keys.ca?.sha256 });
      const isSigned = (text: Uint8Array) =>
        verifierOf(keys.platform.publicKey)(text, Buffer.from(json.byPlatform, 'base64url'));
      expect(isSigned(signedAuthorityText(nonce, json.caSha256))).toBe(true);
      expect(isSigned(signedAuthorityText('m'.repeat(43), json.caSha256))).toBe(false);
      expect(isSigned(signedAuthorityText(nonce, null))).toBe(false);
      expect(await api('GET', `${appliancePaths.authority}?nonce=short`)).toMatchObject({
        status: 400,
        json: { code: 'enrolment.nonce-invalid' },
      });
    }),
  );

  it.skipIf(!canRun(kind))('a code works once, even when two people enter it at the same moment', () =>
    withPlatform(kind, async ({ device, api }) => {
      const waiting = await device().hello();
      const code = waiting.state === 'waiting' ? waiting.activationCode : '';
      const answers = await Promise.all([1, 2, 3].map(() => api('POST', '/api/v1/appliances/activate', { code })));
      expect(answers.map((answer) => answer.status).sort()).toEqual([201, 422, 422]);
    }),
  );

  it.skipIf(!canRun(kind))('an expired activation code is replaced by a new one', () =>
    withPlatform(kind, async ({ device, api, advance }) => {
      const box = device();
      const old = await box.hello();
      advance(25 * 3_600_000);
      const code = old.state === 'waiting' ? old.activationCode : '';
      expect((await api('POST', '/api/v1/appliances/activate', { code })).json.code).toBe('appliance.code-expired');
      const fresh = await box.hello();
      expect(fresh.state === 'waiting' && fresh.activationCode).not.toBe(code);
    }),
  );

  it.skipIf(!canRun(kind))(
    'a personalization code is traded once, and a lost answer can be asked for again by the same device',
    () =>
      withPlatform(kind, async ({ device, api }) => {
        const provisioned = await api('POST', '/api/v1/appliances/provision', { name: 'box-1' });
        expect(provisioned.json).toMatchObject({
          personalizationCode: expect.stringMatching(/^[0-9]{14}$/),
          appliance: { state: 'provisioned' },
        });
        const code = provisioned.json.personalizationCode;
        const box = device();
        expect(await box.personalize(code)).toMatchObject({ status: 200, json: { state: 'activated', name: 'box-1' } });
        expect(await box.personalize(code)).toMatchObject({ status: 200 });
        expect(await device().personalize(code)).toMatchObject({
          status: 403,
          problem: { code: 'enrolment.code-used' },
        });
        expect(await device().personalize('00000000000000')).toMatchObject({
          status: 403,
          problem: { code: 'enrolment.code-unknown' },
        });
        expect((await box.poll()).settings.name).toBe('box-1');
      }),
  );

  it.skipIf(!canRun(kind))('a personalization code expires, and after ten wrong ones an address must wait', () =>
    withPlatform(kind, async ({ device, api, advance }) => {
      const code = (await api('POST', '/api/v1/appliances/provision', { name: 'late' })).json.personalizationCode;
      advance(8 * 86_400_000);
      const box = device();
      expect(await box.personalize(code)).toMatchObject({ problem: { code: 'enrolment.code-expired' } });
      const answers = [];
      for (let tries = 0; tries < 10; tries += 1) answers.push((await box.personalize('11111111111111')).status);
      expect(answers).toEqual([...Array<number>(9).fill(403), 429]);
    }),
  );

  it.skipIf(!canRun(kind))('a wrong activation code is counted and refused precisely', () =>
    withPlatform(kind, async ({ api }) => {
      const codes = [];
      for (let tries = 0; tries < 11; tries += 1)
        codes.push((await api('POST', '/api/v1/appliances/activate', { code: '123456789012' })).json.code);
      expect(codes).toEqual([...Array<string>(10).fill('appliance.code-unknown'), 'request.rate-limited']);
    }),
  );

  it.skipIf(!canRun(kind))('a hello that was altered, or signed with another key, is refused', () =>
    withPlatform(kind, async ({ device }) => {
      const box = device();
      const altered = (body: Uint8Array) =>
        new TextEncoder().encode(new TextDecoder().decode(body).replace('scripted', 'scrapped'));
      const answer = await box.json(appliancePaths.hello, box.helloMessage(), { tamper: altered });
      expect(answer).toMatchObject({ status: 401, problem: { code: 'appliance.digest-mismatch' } });
      const foreign = await box.json(appliancePaths.hello, device().helloMessage());
      expect(foreign).toMatchObject({ status: 401, problem: { code: 'appliance.signature-invalid' } });
      const level = await box.json(appliancePaths.hello, box.helloMessage(), { level: '99' });
      expect(level).toMatchObject({
        status: 426,
        problem: { code: 'protocol.level-unsupported', detail: expect.stringContaining('levels 1 to 1') },
      });
    }),
  );
});
