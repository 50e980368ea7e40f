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
  readonly pattern?: string;
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
const nearby: Hints = {
  host: ['127.0.0.1'],
  url: ['https://127.0.0.1:1/hook'],
  issuer: ['https://127.0.0.1:1'],
  issuerUrl: ['https://127.0.0.1:1'],
  targets: ['10.61.0.7', '10.61.0.0/24', 'fd00::/64', '10.61.0.9-10.61.0.1', '0.0.0.0/0'],
  exclude: ['', '10.61.0.8', '::/0'],
  ranges: ['10.61.0.0/24', '::/0'],
  addresses: ['10.61.0.0/24'],
};

/** Values for properties by their name, where any value of the right form would not get far: what exists, what is understood. */
export type Hints = Readonly<Record<string, readonly unknown[]>>;

const understood: Hints = {
  zone: ['UTC', 'Europe/Berlin', 'America/St_Johns'],
  start: ['2027-03-28T02:30', '2040-01-01T00:00'],
  from: ['picket@example.org', '08:00'],
  to: ['18:00', '24:00'],
  at: ['03:00'],
  ports: ['80,443', 'top1000', '1-65535'],
  email: ['kestrel@example.org'],
  weekdays: ['mo', 'fr'],
  destination: ['10.71.0.0/16'],
  gateway: ['10.61.0.1'],
  address: ['10.61.0.9'],
  exclusions: ['', '10.61.0.5'],
  cursor: [''],
  password: ['correct horse battery'],
};

/** A request: half of them fit the schema throughout, the others have something hostile in them somewhere. */
export function requestValue(schema: ValueSchema, hints: Hints, name = ''): fc.Arbitrary<unknown> {
  const fitting = new ValueMaker({ ...understood, ...hints, ...nearby }, 0);
  const hostile = new ValueMaker({ ...understood, ...hints, ...nearby }, 1);
  return fc.oneof(fitting.value(schema, name, 0), hostile.value(schema, name, 0));
}

class ValueMaker {
  readonly #hints: Hints;
  readonly #hostile: number;

  /** `hostile`: how often something else stands in the place of a value, beside twelve that fit. */
  constructor(hints: Hints, hostile: number) {
    this.#hints = hints;
    this.#hostile = hostile;
  }

  value(schema: ValueSchema, name: string, depth: number): fc.Arbitrary<unknown> {
    const strange = nearby[name] ? fc.constantFrom<unknown>(null, 5, {}) : fc.constantFrom(...hostileValues);
    return fc.oneof(
      { weight: 12, arbitrary: this.#fitting(schema, name, depth) },
      { weight: this.#hostile, arbitrary: strange },
    );
  }

  #fitting(schema: ValueSchema, name: string, depth: number): fc.Arbitrary<unknown> {
    const choices = schema.anyOf ?? schema.oneOf;
    if (depth > 8) return fc.constant(null);
    if (choices) return fc.oneof(...choices.map((one) => this.value(one, name, depth + 1)));
    if (schema.enum) return fc.constantFrom(...schema.enum);
    const hinted = this.#hints[name];
    if (hinted && schema.type !== 'array' && schema.type !== 'object') return fc.constantFrom(...hinted);
    switch (schema.type) {
      case 'object':
        return this.#object(schema, depth);
      case 'array':
        return fc.array(this.value(schema.items ?? {}, name, depth + 1), { maxLength: 4 });
      case 'integer':
        return fc.integer(integerBounds(schema));
      case 'number':
        return fc.double({ noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'string':
        return this.#text(schema);
      default:
        return fc.constant(null);
    }
  }

  #object({ properties = {}, required = [] }: ValueSchema, depth: number): fc.Arbitrary<unknown> {
    const values = Object.entries(properties).map(([key, one]) => [key, this.value(one, key, depth + 1)] as const);
    const whole = fc.record(Object.fromEntries(values), { requiredKeys: [...required] });
    if (this.#hostile === 0) return whole;
    // Now and then without what must be there.
    return fc.oneof({ weight: 6, arbitrary: whole }, fc.record(Object.fromEntries(values), { requiredKeys: [] }));
  }

  #text({ format, pattern, maxLength = 64 }: ValueSchema): fc.Arbitrary<string> {
    if (format === 'date-time') return fc.constantFrom('2026-11-29T10:00:00.000Z', '2040-02-29T23:59:59.999Z');
    if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
    const plain = fc.oneof(fc.constantFrom('kestrel', 'osprey'), fc.uuid());
    if (this.#hostile === 0) return plain;
    return fc.oneof(
      plain,
      fc.constantFrom(...hostileTexts),
      fc.string({ maxLength: Math.min(maxLength, 64), unit: 'binary' }),
    );
  }
}

function integerBounds({ minimum, maximum }: ValueSchema): { min: number; max: number } {
  const min = Math.max(minimum ?? 0, -(2 ** 31));
  return { min, max: Math.max(min, Math.min(maximum ?? 50, 2 ** 31 - 1)) };
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
