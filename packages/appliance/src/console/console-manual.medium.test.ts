import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { passwordSpecials, userSpecials } from './fields/ring.ts';
import { flows } from './flows/registry.ts';
import { optionsOf } from './machine/menus.ts';
import { ConsoleDriver } from './testing/console-driver.ts';
import { causeTableMarkdown, codeTableMarkdown } from './testing/error-tables.ts';

const manual = readFile(new URL('../../../../docs/console.md', import.meta.url), 'utf8');

describe('docs/console.md', () => {
  it('has the tables of codes and descriptions as the code has them', async () => {
    const text = await manual;
    expect(text).toContain(codeTableMarkdown());
    expect(text).toContain(causeTableMarkdown());
  });

  it('names every option and prompt of the menus', async () => {
    const text = await manual;
    const configured = new ConsoleDriver(
      { name: null },
      {
        wan: { method: 'static', address: '10.9.0.2', prefixLength: 24, gateway: '10.9.0.1', dns: ['10.9.0.1'] },
        proxy: { host: 'p', port: 1, user: null, password: { is: 'none' } },
      },
    );
    for (const driver of [new ConsoleDriver({ name: null }), configured]) {
      for (const menu of ['main', 'setup', 'wan'] as const) {
        for (const { label } of optionsOf(menu, driver.state)) expect(text).toContain(`\`${label}\``);
      }
      for (const flow of Object.values(flows)) {
        if (flow.intro !== null) expect(text).toContain(flow.intro);
        for (const { label } of flow.fields(driver.state)) expect(text).toContain(`\`${label}\``);
      }
    }
  });

  it('lists the special characters in the order of the wheel', async () => {
    const text = await manual;
    expect(text).toContain(`\`\` ${[...passwordSpecials].join(' ')} \`\``);
    expect(text).toContain(`\`\` ${[...userSpecials].join(' ')} \`\``);
  });
});
