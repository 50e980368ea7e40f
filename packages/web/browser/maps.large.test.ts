import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('maps', (suite) => {
  const tab = suite.pageForEachTest();
  afterEach(() => expect(tab.faults).toEqual([]));

  test('a finished map opens from the list as a drawing of scanner, networks, routers and hosts', async () => {
    const { page, open } = tab;
    await open('/maps');
    await page.getByRole('link', { name: 'Map 10' }).click();
    await page.waitForURL('**/maps/10');
    const graph = page.getByRole('group', { name: 'Map of networks' });
    await graph.getByRole('button', { name: /^10\.20\.0\.0\/24, on link, VLAN 20, 30 hosts/ }).waitFor();
    await graph.getByRole('button', { name: /^10\.20\.255\.1, hop, hop 2/ }).waitFor();
    await graph.getByRole('button', { name: /^10\.20\.254\.1, hop, hop 3, after 1 silent hop/ }).waitFor();
    await graph.getByRole('button', { name: /^10\.20\.0\.1 .*, Router$/ }).waitFor();
    expect(await graph.getByRole('button').count()).toBe(1 + 4 + 3 + 119);
  });

  test('the keyboard walks the drawing, opens a host with its roles and evidence, and comes back', async () => {
    const { page, open } = tab;
    await open('/maps/10');
    const graph = page.getByRole('group', { name: 'Map of networks' });
    await graph.getByRole('button', { name: /^Scanner/ }).focus();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    await graph.getByRole('button', { name: /^10\.20\.0\.1 .*, Router$/ }).waitFor();
    await page.keyboard.press('ArrowRight');
    await expect.poll(focused).toMatch(/^10\.20\.0\.0\/24/);
    await page.keyboard.press('ArrowRight');
    await expect.poll(focused).toMatch(/^10\.20\.0\.1 .*Router$/);
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: 'Host' });
    await panel.getByText('is the default gateway').waitFor();
    expect(new URL(page.url()).searchParams.get('open')).toBe('host:10.20.0.1');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await expect.poll(focused).toMatch(/^10\.20\.0\.1 /);
    await page.keyboard.press('Escape');
    await expect.poll(focused).toMatch(/^10\.20\.0\.0\/24/);
  });

  test('it zooms and pans, and fits again', async () => {
    const { page, open } = tab;
    await open('/maps/10');
    const ground = page.getByRole('group', { name: 'Map of networks' }).locator('> g');
    await ground.getByRole('button', { name: /^Scanner/ }).waitFor();
    const transform = () => ground.getAttribute('transform');
    // The drawing takes the size of its place after it was painted.
    const painted = () =>
      page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await expect.poll(async () => (await transform()) === (await painted().then(transform))).toBe(true);
    const before = await transform();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await expect.poll(transform).not.toBe(before);
    await page.getByRole('button', { name: 'Fit' }).click();
    await expect.poll(transform).toBe(before);
    const box = await page.getByRole('group', { name: 'Map of networks' }).boundingBox();
    if (!box) throw new Error('the drawing has no place');
    await page.mouse.move(box.x + 8, box.y + box.height - 8);
    await page.mouse.down();
    await page.mouse.move(box.x + 68, box.y + box.height - 48);
    await page.mouse.up();
    await expect.poll(transform).not.toBe(before);
    const moved = await painted().then(transform);
    await page.mouse.wheel(0, -100);
    await expect.poll(transform).not.toBe(moved);
  });

  test('a big map is drawn as counts, and a network of it opens on request', async () => {
    const { page, open } = tab;
    await open('/maps/6');
    const graph = page.getByRole('group', { name: 'Map of networks' });
    const network = graph.getByRole('button', { name: /^10\.28\.1\.0\/24, size assumed, 60 hosts/ });
    await network.waitFor();
    const parts = await graph.getByRole('button').count();
    expect(parts).toBeLessThan(150);
    await network.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Network' }).getByRole('button', { name: 'Draw its hosts' }).click();
    await graph.getByRole('button', { name: '10.28.1.2, Name server', exact: true }).waitFor();
    expect(await graph.getByRole('button').count()).toBe(parts + 60);
  });

  test('the tables hold the same, and filters live in the URL', async () => {
    const { page, open } = tab;
    await open('/maps/10?tab=networks');
    await page
      .getByRole('grid', { name: 'Networks of the map' })
      .getByRole('link', { name: '30', exact: true })
      .first()
      .click();
    await page.getByText('30 hosts').waitFor();
    await page.getByLabel('Role', { exact: true }).selectOption('router');
    await page.getByText('1 host', { exact: true }).waitFor();
    expect(new URL(page.url()).search).toBe('?tab=hosts&network=10.20.0.0%2F24&role=router');
  });

  test('changes keep what was not tested apart from what is gone', async () => {
    const { page, open } = tab;
    await open('/maps/10?tab=changes');
    const kinds = page.getByRole('group', { name: 'Kind of change' });
    await kinds.getByRole('button', { name: 'Gone 2', exact: true }).click();
    const rows = page.getByRole('grid', { name: 'Changes since the earlier map' });
    await rows.getByText('10.20.1.77').waitFor();
    await kinds.getByRole('button', { name: 'Not tested this time 1', exact: true }).click();
    await rows.getByText('10.20.9.9').waitFor();
    await rows.getByText('It was not among the targets.').waitFor();
  });

  test('the drawing can be saved as a picture that stands alone', async () => {
    const { page, open } = tab;
    await open('/maps/10');
    await page.getByRole('button', { name: /^Scanner/ }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as SVG' }).click(),
    ]);
    const folder = await mkdtemp(join(tmpdir(), 'picket-map-'));
    try {
      await file.saveAs(join(folder, 'map.svg'));
      const svg = await readFile(join(folder, 'map.svg'), 'utf8');
      expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(svg).toContain('10.20.255.1');
      expect(svg).not.toContain('var(--');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
