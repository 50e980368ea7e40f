import type { TruthService } from '../../../lab/truth.ts';
import type { Said, ServiceVerdict } from './verdict.ts';

/** A service at one address, and how each scanner did on it, in the order of the scanners. */
export interface Row {
  readonly host: string;
  readonly address: string;
  readonly service: TruthService;
  readonly version: string | undefined;
  readonly results: readonly { readonly said: Said | undefined; readonly verdict: ServiceVerdict }[];
}

export const facts = ['name', 'product', 'version'] as const;
export type Fact = (typeof facts)[number];

/** Of the services that tell a fact, how many a scanner has right. */
export function score(rows: readonly Row[], scanner: number, fact: Fact): { right: number; told: number } {
  const told = rows.filter((row) => row.service.tells.includes(fact));
  return { right: told.filter((row) => row.results[scanner]?.verdict[fact] === 'right').length, told: told.length };
}

/** Claims that are not true, about facts told and kept back alike. */
export function wrongClaims(rows: readonly Row[], scanner: number): number {
  return rows.flatMap((row) => facts.filter((fact) => row.results[scanner]?.verdict[fact] === 'wrong')).length;
}

/** The rows on which the scanners differ from each other or from the truth, each with what was said and why. */
export function differences(rows: readonly Row[], names: readonly string[]): string {
  return rows
    .flatMap((row) => {
      const remarks = row.results.map((result) => remark(row, result));
      const versions = new Set(row.results.map((result) => Object.values(result.verdict).join()));
      if (versions.size === 1 && remarks.every((text) => text === '')) return [];
      const { service } = row;
      const what = `${service.tls ? 'TLS ' : ''}${service.service}, ${service.product}${row.version === undefined ? '' : ` ${row.version}`}`;
      const head = `${row.host} ${row.address} ${service.port}/${service.transport}: ${what}; tells ${service.tells.join(', ')}`;
      const said = row.results.map(
        (result, scanner) => `  ${(names[scanner] ?? '').padEnd(24)} ${spoken(result.said)}${remarks[scanner]}`,
      );
      return [[head, ...said].join('\n')];
    })
    .join('\n');
}

function spoken(said: Said | undefined): string {
  if (!said) return 'nothing';
  const parts = [said.tls ? `tls/${said.name}` : said.name, said.product, said.version];
  return parts.filter((part) => part !== null && part !== '').join(' | ');
}

/** Why a result is what it is, in words. Empty when everything that the service tells is right and nothing else was claimed. */
function remark(row: Row, { said, verdict }: Row['results'][number]): string {
  const remarks: string[] = [];
  if (!said) remarks.push('the port was not found open');
  if (said?.guessed) remarks.push('named by the port number: no answer was recognised');
  if (said && row.service.tls && !said.tls) remarks.push('the TLS around it was not seen');
  if (verdict.name === 'wrong') remarks.push('another protocol');
  if (said && verdict.name === 'missing') remarks.push('not recognised');
  if (said && verdict.product === 'missing') remarks.push('the product is not told apart');
  if (verdict.product === 'wrong') remarks.push('another product');
  if (verdict.product === 'right' && !row.service.tells.includes('product'))
    remarks.push('the product is right though no client shows it: known by how it speaks');
  if (verdict.version === 'right' && !row.service.tells.includes('version'))
    remarks.push('the version is right though it is not told: known by how it speaks');
  if (said && verdict.version === 'missing') remarks.push('the version was told and not heard');
  if (verdict.version === 'wrong')
    remarks.push(
      row.service.tells.includes('version')
        ? 'another version'
        : 'the version is an inference from how it speaks, and false',
    );
  return remarks.length === 0 ? '' : `  (${remarks.join('; ')})`;
}
