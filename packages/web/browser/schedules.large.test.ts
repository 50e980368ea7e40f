import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { breaches } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('schedules and windows', (suite) => {
  const tab = suite.pageForEachTest();

  test('a scan is scheduled in the launch dialog, with its next runs by both clocks', async () => {
    const { page, open, sent } = tab;
    await open('/about');
    await page.getByRole('button', { name: 'New scan' }).click();
    const dialog = page.getByRole('dialog', { name: 'New scan' });
    await dialog.getByLabel('Targets').fill('10.20.0.0/24');
    await dialog.getByRole('radio', { name: 'Repeats' }).check();
    await dialog.getByLabel('First run').fill('2027-03-01T01:30');
    await dialog.getByRole('checkbox', { name: 'Mon' }).check();
    await dialog.getByRole('checkbox', { name: 'Thu' }).check();
    const zone = dialog.getByRole('combobox', { name: 'Time zone' });
    await zone.fill('new_york');
    await page.getByRole('option', { name: 'America/New_York' }).click();
    const runs = dialog.getByRole('region', { name: 'Next runs' });
    await runs.getByText('Every week on Mon, Thu at 01:30, America/New_York').waitFor();
    // The clocks go forward there on 14 March.
    await runs.getByRole('row', { name: 'Thu, 11 Mar 2027, 01:30 GMT-5 Thu, 11 Mar 2027, 06:30 UTC' }).waitFor();
    await runs.getByRole('row', { name: 'Mon, 15 Mar 2027, 01:30 GMT-4 Mon, 15 Mar 2027, 05:30 UTC' }).waitFor();
    expect(await runs.getByRole('row').count()).toBe(11);
    expect(await dialog.getByRole('button', { name: 'Save schedule' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Name of the schedule').fill('Branch nights');
    expect(await breaches(page)).toEqual([]);
    const [request] = await Promise.all([
      sent('POST', '/schedules'),
      dialog.getByRole('button', { name: 'Save schedule' }).click(),
    ]);
    expect(request.postDataJSON()).toMatchObject({
      name: 'Branch nights',
      zone: 'America/New_York',
      recurrence: {
        kind: 'calendar',
        start: '2027-03-01T01:30',
        rule: { unit: 'weeks', weekdays: [{ day: 1 }, { day: 4 }] },
      },
      scan: { targets: '10.20.0.0/24', kind: 'scan' },
    });
    await page.getByRole('heading', { name: 'Schedules', level: 1 }).waitFor();
  });

  test('an RRULE that can not be kept says why while it is typed, and is not saved', async () => {
    const { page, open } = tab;
    await open('/scans/schedules?new=schedule');
    const dialog = page.getByRole('dialog', { name: 'New schedule' });
    await untilFocused(dialog.getByLabel('Targets'));
    await dialog.getByLabel('Targets').fill('10.20.0.0/24');
    await dialog.getByLabel('Name of the schedule').fill('By calendar');
    await dialog.getByRole('radio', { name: 'By RRULE text' }).check();
    await dialog.getByLabel('RRULE', { exact: true }).fill('RRULE:FREQ=YEARLY;BYWEEKNO=3');
    await dialog.getByText(/weeks of the year/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Save schedule' }).isDisabled()).toBe(true);
    await dialog.getByLabel('RRULE', { exact: true }).fill('RRULE:FREQ=MONTHLY;BYDAY=1SA');
    await dialog.getByText(/^Every month on the 1st Sat at/).waitFor();
  });

  test('a schedule runs at once, and is switched off with everything else kept', async () => {
    const { page, open, sent } = tab;
    await open('/scans/schedules?open=1');
    const panel = page.getByRole('complementary', { name: 'Schedule' });
    await Promise.all([sent('POST', '/schedules/1/run'), panel.getByRole('button', { name: 'Run now' }).click()]);
    const [request] = await Promise.all([
      sent('PUT', '/schedules/1'),
      panel.getByRole('switch', { name: 'Head office, weekly is on' }).press('Space'),
    ]);
    expect(request.postDataJSON()).toMatchObject({
      enabled: false,
      name: 'Head office, weekly',
      scan: { targets: '10.20.0.0/22', windowIds: [1] },
      recurrence: { rule: { weekdays: [{ day: 1, nth: null }] } },
    });
  });

  test('a window is made by keyboard, and its week follows what is typed', async () => {
    const { page, open, sent } = tab;
    await open('/settings/windows?new=window');
    const dialog = page.getByRole('dialog', { name: 'New window' });
    await untilFocused(dialog.getByLabel('Name'));
    await dialog.getByLabel('Name').fill('Weekends');
    const row = dialog.getByRole('group', { name: 'Weekly time 1' });
    for (const day of ['Mon', 'Tue', 'Wed', 'Thu', 'Sun'])
      await row.getByRole('checkbox', { name: day }).press('Space');
    await row.getByLabel('From').fill('20:00');
    await dialog.getByRole('row', { name: 'Sun 20:00 to 24:00' }).waitFor();
    await dialog.getByRole('row', { name: 'Mon 00:00 to 06:00' }).waitFor();
    await row.getByLabel('To').fill('25:00');
    await dialog.getByText('A window ends at 00:00 to 24:00.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Make window' }).isDisabled()).toBe(true);
    await row.getByLabel('To').fill('06:00');
    const [request] = await Promise.all([sent('POST', '/windows'), row.getByLabel('To').press('Enter')]);
    expect(request.postDataJSON()).toMatchObject({
      name: 'Weekends',
      kind: 'allow',
      weekly: [{ days: [5, 7], from: '20:00', to: '06:00' }],
    });
  });
});

async function untilFocused(field: Locator): Promise<void> {
  await field.waitFor();
  await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
}
