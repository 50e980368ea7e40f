import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { attempts } from '../packages/appliance/src/console/errors/attempt.ts';
import { causeTexts } from '../packages/appliance/src/console/errors/cause.ts';
import { codeTable, description, networkError } from '../packages/appliance/src/console/errors/network-error.ts';
import { sampleCauses } from '../packages/appliance/src/console/testing/sample-causes.ts';
import { errorManual } from './harness/error-manual.ts';
import { errorRows, unmade } from './harness/error-rows.ts';

const sorted = (texts: Iterable<string>) => [...new Set(texts)].toSorted();
const all = [...errorRows, ...unmade];

describe('the table of faults', () => {
  it('has every attempt, every code and every E-code', () => {
    expect(sorted(all.map(({ attempt }) => attempt))).toEqual(sorted(attempts));
    expect(sorted(errorRows.map(({ code }) => code))).toEqual(
      sorted(attempts.flatMap((attempt) => Object.values(codeTable[attempt]))),
    );
    const possible = attempts.flatMap((attempt) => sampleCauses.map((cause) => networkError(attempt, cause).eCode));
    expect(sorted(errorRows.map(({ eCode }) => eCode))).toEqual(sorted(possible));
  });

  it('has every description and every kind of cause', () => {
    expect(sorted(all.map((row) => row.description))).toEqual(sorted(sampleCauses.map(description)));
    expect(sorted(errorRows.map(({ kind }) => kind))).toEqual(sorted(Object.keys(causeTexts)));
  });

  it('says of each row what the appliance can say of its attempt and cause', () => {
    for (const { attempt, kind, code, eCode, description: text } of all) {
      const possible = sampleCauses.filter((cause) => cause.kind === kind).map((cause) => networkError(attempt, cause));
      expect(possible).toContainEqual({ code, eCode, description: text });
    }
  });

  it('is the one of docs/network-errors.md', async () => {
    const manual = await readFile(new URL('../docs/network-errors.md', import.meta.url), 'utf8');
    expect(manual.slice(manual.indexOf('| code')).trimEnd()).toBe(errorManual());
  });
});
