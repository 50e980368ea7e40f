import fc from 'fast-check';

/** What the description of the API says of a value: the parts of JSON Schema that it uses. */
export interface ValueSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly required?: readonly string[];
  readonly items?: ValueSchema;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly ValueSchema[];
  readonly oneOf?: readonly ValueSchema[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

/** Text that has harmed programs: markup, formulas, escape codes, quotes of SQL and shells, zero bytes, half characters, and much of it. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\u001B[2J\u001B]0;title\u0007',
  '\uD800',
  '\u202Etxt.exe',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '=HYPERLINK("http://192.0.2.1/","x")',
  "'; drop table account; --",
  '%00%2e%2e%2f',
  '../../../etc/passwd',
  '$(id)`id`{{7*7}}${7*7}',
  '\r\nSet-Cookie: a=b',
  '1e400',
  '-0',
  '9223372036854775808',
  '٣',
  '𝟙',
  'x'.repeat(70_000),
  '('.repeat(5000),
];

/** Of other kinds than anything that is asked for. */
const hostileValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  [],
  {},
  [[[[[[[[]]]]]]]],
  { constructor: { prototype: { admin: true } } },
  ...hostileTexts,
];

/** Texts for a property of this name that a route would otherwise look up or call: they name this machine and a port where nothing is. */
const nearby: Readonly<Record<string, readonly string[]>> = {
  host: ['127.0.0.1'],
  url: ['https://127.0.0.1:1/hook'],
  issuer: ['https://127.0.0.1:1'],
  targets: ['10.61.0.7', '10.61.0.0/24', 'fd00::/64', '10.61.0.9-10.61.0.1', '0.0.0.0/0'],
  exclude: ['', '10.61.0.8', '::/0'],
  ranges: ['10.61.0.0/24', '::/0'],
  addresses: ['10.61.0.0/24'],
};

/** A value that fits the schema mostly, with something hostile in it somewhere about as often as not. */
export function requestValue(schema: ValueSchema, name = '', depth = 0): fc.Arbitrary<unknown> {
  const fitting = fittingValue(schema, name, depth);
  if (nearby[name])
    return fc.oneof({ weight: 9, arbitrary: fitting }, { weight: 1, arbitrary: fc.constantFrom(null, 5, {}) });
  return fc.oneof({ weight: 9, arbitrary: fitting }, { weight: 1, arbitrary: fc.constantFrom(...hostileValues) });
}

function fittingValue(schema: ValueSchema, name: string, depth: number): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf;
  if (depth > 8) return fc.constant(null);
  if (choices) return fc.oneof(...choices.map((one) => requestValue(one, name, depth + 1)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objectValue(schema, depth);
    case 'array':
      return fc.array(requestValue(schema.items ?? {}, name, depth + 1), { maxLength: 4 });
    case 'integer':
      return fc.integer({
        min: Math.max(schema.minimum ?? -5, -(2 ** 31)),
        max: Math.min(schema.maximum ?? 50, 2 ** 31 - 1),
      });
    case 'number':
      return fc.double({ noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return textValue(schema, name);
    default:
      return fc.constantFrom(...hostileValues);
  }
}

function objectValue({ properties = {}, required = [] }: ValueSchema, depth: number): fc.Arbitrary<unknown> {
  const values = Object.entries(properties).map(([key, one]) => [key, requestValue(one, key, depth + 1)] as const);
  // Now and then without what must be there.
  const kept = fc.oneof(
    { weight: 6, arbitrary: fc.constant([...required]) },
    { weight: 1, arbitrary: fc.constant([]) },
  );
  return kept.chain((requiredKeys) => fc.record(Object.fromEntries(values), { requiredKeys: requiredKeys as never[] }));
}

function textValue({ format, maxLength = 64 }: ValueSchema, name: string): fc.Arbitrary<string> {
  const near = nearby[name];
  if (near) return fc.constantFrom(...near);
  if (format === 'date-time')
    return fc.constantFrom('2026-11-29T10:00:00.000Z', '2026-13-01T00:00:00Z', '0000-00-00T00:00:00Z');
  return fc.oneof(
    fc.constantFrom('kestrel', 'UTC', '2027-01-01T00:00', '03:00', '80,443', ...hostileTexts),
    fc.string({ maxLength: Math.min(maxLength, 64), unit: 'binary' }),
  );
}

/** In the place of an identifier of a path. */
export const hostileIds: readonly string[] = [
  '0',
  '-1',
  '1.5',
  '9223372036854775807',
  '99999999999999999999',
  'NaN',
  '1e3',
  '%00',
  '%F0%9F%92%A9',
  "1'--",
  '..%2f..',
  'x'.repeat(300),
];
