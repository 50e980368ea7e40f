import type { ExcludedPart } from '@picket/contracts/api/exclusion';
import { plural } from '../format/number.ts';

const words: Readonly<Record<ExcludedPart['source'], string>> = {
  subscription: 'for every scan (Settings > Exclusions)',
  network: 'by the network',
  'asset-group': 'by the asset group',
  scan: 'by this scan',
};

/** How many addresses of the targets are left out, by who excludes them. */
export function ExcludedParts({ parts }: { parts: readonly ExcludedPart[] }) {
  if (parts.length === 0) return 'none';
  return parts.map(({ source, name, addresses }) => (
    <div key={`${source} ${name ?? ''}`}>
      {plural(addresses, 'address', 'addresses')} {words[source]}
      {name === null ? '' : ` ${name}`}
    </div>
  ));
}
