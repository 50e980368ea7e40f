import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { exitCode } from '../exit-code.ts';
import { fingerprintCommand } from './fingerprint-command.ts';

const root = join(import.meta.dirname, '../../../..');
const folders: string[] = [];

/** A folder with one fingerprint file that holds these elements. */
function folderWith(fingerprints: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'picket-fingerprints-'));
  folders.push(folder);
  mkdirSync(join(folder, 'own'));
  writeFileSync(join(folder, 'own/greetings.xml'), `<fingerprints matches="greeting">${fingerprints}</fingerprints>`);
  return folder;
}

const verify = (...args: string[]) => run('verify', ...args);

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  let text = '';
  let code = -1;
  const output = { out: (more: string) => void (text += more), err: () => {}, interactive: false, columns: 80 };
  const command = fingerprintCommand(output, (value) => {
    code = value;
  });
  await command.parseAsync(args, { from: 'user' });
  return { code, text };
}

const right =
  '<fingerprint pattern="^Hello (\\d+)$"><description>Hello</description><example service.version="7">Hello 7</example><param pos="1" name="service.version"/></fingerprint>';

describe('picket fingerprint verify', () => {
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  it('counts examples and values and ends with 0 when all pass', async () => {
    expect(await verify(folderWith(right))).toEqual({
      code: exitCode.clean,
      text: '1/1 examples passed, 1/1 values right, 1 fingerprints in 1 files (0 without an example)\n',
    });
  });

  it('names file, fingerprint and reason of what fails, and ends with 1', async () => {
    const { code, text } = await verify(folderWith(right.replace('"7"', '"8"')));
    expect(code).toBe(exitCode.findings);
    expect(text).toContain('own/greetings.xml: Hello: service.version is "7", the example wants "8".');
    expect(text).toContain('1/1 examples passed, 0/1 values right');
  });

  it('takes a fingerprint without an example for a fault only when it is strict', async () => {
    const folder = folderWith('<fingerprint pattern="x"><description>X</description></fingerprint>');
    expect((await verify(folder)).code).toBe(exitCode.clean);
    const strict = await verify(folder, '--strict', '--json');
    expect(strict.code).toBe(exitCode.findings);
    expect(JSON.parse(strict.text)).toMatchObject({
      withoutExample: 1,
      files: [{ faults: ['X: It has no example.'] }],
    });
  });

  it('reads no example from outside of the folder', async () => {
    const outside = right.replace('service.version="7">Hello 7', '_filename="../../../../etc/hostname">');
    const { text } = await verify(folderWith(outside));
    expect(text).toContain('file "../../../../etc/hostname" can\'t be read');
  });

  it('reports a file that is no XML, and a pattern that does not compile, instead of giving up', async () => {
    const folder = folderWith(right.replace('^Hello', '(?=Hello)'));
    writeFileSync(join(folder, 'broken.xml'), '<fingerprints');
    const { code, text } = await verify(folder);
    expect(code).toBe(exitCode.findings);
    expect(text).toContain('broken.xml: The file is not well-formed XML');
    expect(text).toContain('own/greetings.xml: Hello: The pattern');
  });

  it('says so when the folder is not there or holds nothing', async () => {
    await expect(verify('/nonexistent')).rejects.toThrow("/nonexistent can't be read");
    const empty = mkdtempSync(join(tmpdir(), 'picket-fingerprints-'));
    folders.push(empty);
    await expect(verify(empty)).rejects.toThrow('There is no .xml file');
  });

  it('passes our own fingerprints under the strict rules', async () => {
    const { code, text } = await verify(join(root, 'content/fingerprints'), '--strict');
    expect(text).toMatch(/ \(0 without an example\)\n$/);
    expect(code).toBe(exitCode.clean);
  });

  // Public fingerprints beside the repository; a plain clone has none.
  it.runIf(existsSync(join(root, '../shared/feeds/recog')))('passes the whole of recog', async () => {
    const { code, text } = await verify(join(root, '../shared/feeds/recog'));
    expect(text).toMatch(/^7525\/7525 examples passed, 7852\/7852 values right, /);
    expect(code).toBe(exitCode.clean);
  });
});

describe('picket fingerprint probes', () => {
  function fileWith(text: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'picket-fingerprints-'));
    folders.push(folder);
    writeFileSync(join(folder, 'gadgets'), text);
    return join(folder, 'gadgets');
  }

  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  it('counts what can be used', async () => {
    expect(await run('probes', fileWith('Probe TCP NULL q||\nmatch gadget m/^GADGET/ p/Gadget/\n'))).toEqual({
      code: exitCode.clean,
      text: '1 probes, 1/1 matches usable, 0 lines left out\n',
    });
  });

  it('lists each line that can not be used, by its number', async () => {
    const path = fileWith('Probe TCP NULL q||\nmatch a m/(?=b)/\nmatch b m/b/\nwhat\n');
    const { code, text } = await run('probes', path);
    expect(code).toBe(exitCode.findings);
    expect(text).toBe(
      `${path}:2: it looks ahead\n${path}:4: "what" is no directive.\n1 probes, 1/2 matches usable, 2 lines left out\n`,
    );
    expect(JSON.parse((await run('probes', path, '--json')).text)).toMatchObject({ usable: 1, matches: 2 });
  });

  it('refuses a file without a probe, with the reason', async () => {
    await expect(run('probes', fileWith('Probe TCP A q|b'))).rejects.toThrow('Line 1');
    await expect(run('probes', '/nonexistent')).rejects.toThrow("can't be read");
  });
});
