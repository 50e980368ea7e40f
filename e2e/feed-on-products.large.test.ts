import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadContent } from '@picket/engine/adapters/content-loader';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, labDown, labUp, nsExec, whatIsMissing } from '../lab/lab-control.ts';
import { productHosts } from '../lab/products/product-hosts.ts';
import { type FeedCase, feedCases, ownCases, trueOnHardened, wrongOnHardened } from './feed/cases.ts';
import { feedPack, whyNoFeed } from './feed/feed-pack.ts';
import { readVerdicts, type Verdicts } from './feed/verdicts.ts';

const name = `feed${process.pid}`;
const picket = fileURLToPath(new URL('../packages/cli/bin/picket.mjs', import.meta.url));
const cases = [...feedCases, ...ownCases];

async function whyNot(): Promise<string | null> {
  const support = canUseNamespaces();
  if (!support.ok) return support.reason;
  const missing = await whatIsMissing(true);
  return whyNoFeed() ?? (missing.length === 0 ? null : `not installed: ${missing.join(', ')}`);
}
const reason = await whyNot();

describe.skipIf(reason !== null)(
  `checks of a public feed and our own on real products${reason ? ` (${reason})` : ''}`,
  () => {
    let lab: Lab;
    let verdicts: Verdicts;
    /** Checks of the cases that did not load, with why: `kind: message`. */
    const notLoaded = new Map<string, string>();

    beforeAll(async () => {
      const places = cases.flatMap((each) => [...each.fires, ...each.silent, ...(each.shut ?? [])]);
      const products = new Set(productHosts.map((host) => host.name));
      const hosts = [...new Set(places.map((place) => place.split(':')[0] ?? ''))].filter(
        (host) => !products.has(host),
      );
      lab = await labUp({ name, hosts, products: true });
      await using pack = await feedPack(new Set(cases.map(({ check }) => check)));
      const content = await loadContent(pack.folder);
      const loaded = new Set(content.checks.map((check) => check.id));
      for (const { check } of cases) {
        const problem = content.problems.find(({ file }) => basename(file, '.yaml') === check);
        if (!loaded.has(check)) notLoaded.set(check, `${problem?.kind}: ${problem?.message}`);
      }
      const file = join(pack.folder, 'events.ndjson');
      const ports = lab.truth.hosts.flatMap((host) => host.services).filter((service) => service.transport === 'tcp');
      const targets = lab.truth.hosts.flatMap((host) => host.ipv4 ?? []);
      const options = ['--ports', [...new Set(ports.map(({ port }) => port))].join(','), '--content', pack.folder];
      const scan = [picket, 'scan', ...targets, ...options, '--profile', 'lab', '--intrusive', '--no-names', '--json'];
      // The events of a whole feed are more than a pipe to this process is meant for.
      const intoFile = ['sh', '-c', 'file=$1; shift; exec "$@" > "$file"', 'sh', file, process.execPath, ...scan];
      // Accounts of these addresses may have had their tries of this day from another lab.
      const ownState = ['env', `XDG_STATE_HOME=${pack.folder}`, ...intoFile];
      const { code, stderr } = await nsExec(lab, 'scanner', ownState, { timeoutMs: 600_000 });
      expect([0, 1], stderr).toContain(code);
      verdicts = await readVerdicts(file);
      print();
    }, 900_000);

    afterAll(async () => {
      await labDown(name);
    }, 60_000);

    it('loads every check of the cases, apart from those that say what they need and the runtime does not do yet', () => {
      expect([...notLoaded].filter(([, problem]) => !problem.startsWith('unsupported: '))).toEqual([]);
    });

    it('finds what is wrong with the old and the open ones', () => {
      expect(missing((each) => each.fires, 'fires')).toEqual([]);
    });

    it('passes the mended and the hardened ones, having asked them', () => {
      expect(missing((each) => each.silent, 'silent')).toEqual([]);
      const shut = cases.flatMap(({ check, shut = [] }) => shut.map((place) => verdicts.of(check, addressed(place))));
      expect(shut).not.toContain('fires');
    });

    it('finds nothing above info on any hardened product', () => {
      const hardened = new Map(lab.truth.hosts.filter((host) => host.hardened).map((host) => [host.ipv4, host.name]));
      const found = verdicts.aboveInfo.flatMap((key) => {
        const [check, address, port] = key.split(/[ :]/);
        const host = hardened.get(address);
        return host === undefined || [...trueOnHardened, ...wrongOnHardened].includes(check ?? '')
          ? []
          : [`${check} ${host}:${port}`];
      });
      expect(found).toEqual([]);
    });

    function missing(places: (each: FeedCase) => readonly string[], wanted: 'fires' | 'silent'): string[] {
      return cases.flatMap((each) =>
        notLoaded.has(each.check)
          ? []
          : places(each)
              .map((place) => ({ place, verdict: verdicts.of(each.check, addressed(place)) }))
              .filter(({ verdict }) => verdict !== wanted)
              .map(({ place, verdict }) => `${each.check} ${place}: ${verdict}`),
      );
    }

    function addressed(place: string): string {
      const [host, port] = place.split(':');
      return `${lab.truth.hosts.find((each) => each.name === host)?.ipv4}:${port}`;
    }

    function print(): void {
      const line = (check: string, place: string, wanted: string) => {
        const note = lab.truth.hosts.find((host) => host.name === place.split(':')[0])?.note ?? '';
        const verdict = notLoaded.has(check) ? 'NOT LOADED' : verdicts.of(check, addressed(place));
        const mark = verdict === wanted ? ' ' : '!';
        return `${mark} ${check.padEnd(42)}${place.padEnd(26)}${verdict.padEnd(24)}${note}\n`;
      };
      for (const { check, fires, silent, shut = [] } of cases) {
        for (const place of fires) process.stdout.write(line(check, place, 'fires'));
        for (const place of silent) process.stdout.write(line(check, place, 'silent'));
        for (const place of shut) process.stdout.write(line(check, place, 'not run'));
      }
      for (const [check, problem] of notLoaded) process.stdout.write(`not loaded: ${check}: ${problem}\n`);
      const names = new Map(lab.truth.hosts.map((host) => [host.ipv4, host.name]));
      const named = (key: string) => key.replace(/ ([0-9.]+):/, (_, address) => ` ${names.get(address)}:`);
      process.stdout.write(
        `all that fired:\n${verdicts.fired
          .map((key) => `  ${named(key)}\n`)
          .toSorted()
          .join('')}`,
      );
    }
  },
);
