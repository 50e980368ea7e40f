import type { ExampleCall } from '@picket/checks/check-example';

/** A place of a listener in a text: `id.domain`, or `127.0.0.1:port/id` where no domain leads there. */
const places = /[a-z2-7]{26}(?:\.[a-z0-9-]{1,63}){1,4}|127\.0\.0\.1:[0-9]{1,5}\/[a-z2-7]{26}/;

/** The place that a request names, percent signs undone, and the whole name that ends with it; null: it names none. */
export function placeIn(text: string): { readonly place: string; readonly name: string } | null {
  const plain = text.replace(/%([0-9a-fA-F]{2})/g, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const match = places.exec(plain);
  if (match === null) return null;
  const before = /[^\s/"'@]{0,400}$/.exec(plain.slice(0, match.index))?.[0] ?? '';
  return { place: match[0], name: `${lookedUp(before)}${match[0]}` };
}

/** As Log4j reads it: `${:-x}` is x, and what else it looks up is the name of the machine here. */
function lookedUp(text: string): string {
  return text.replace(/\$\{:-([^{}]{0,60})\}/g, '$1').replace(/\$\{[^{}]{0,60}\}/g, 'web1');
}

/** What a call back says to the place that the text names: a name for DNS, a request for HTTP; null: it names none. */
export function callWords({ protocol, say }: ExampleCall, text: string): string | null {
  const found = placeIn(text);
  if (found === null) return null;
  const usual = protocol === 'dns' ? '{{place}}' : 'GET /{{place}} HTTP/1.1\r\nHost: {{place}}\r\n\r\n';
  return (say ?? usual).replaceAll('{{place}}', found.place).replaceAll('{{name}}', found.name);
}
