import { DslFault } from './value.ts';

/*
 * Parts of a stream of the Java Object Serialization Specification, version 6.4 ("Object Serialization Stream Protocol"), as byte
 * strings. Nothing refers back to what was written before: each class is described where it is used, which readers take as well.
 */

const u16 = (value: number) => String.fromCharCode((value >> 8) & 255, value & 255);

/** Big-endian 32 bits. */
export const int = (value: number): string => u16(value >>> 16) + u16(value);

/** `STREAM_MAGIC STREAM_VERSION`. */
export const streamHead = '\xac\xed\x00\x05';
export const nothing = '\x70';
/** `TC_ENDBLOCKDATA`: the end of what a class writes by itself. */
export const end = '\x78';

const utf = (text: string) => {
  if (text.length > 65_535) throw new DslFault('the text is too long for a Java string');
  return u16(text.length) + text;
};

/** `TC_STRING`. `text` is a byte string in modified UTF-8. */
export const string = (text: string): string => `\x74${utf(text)}`;

/** A field of a type that is no class: `I` int, `F` float. */
export const plainField = (type: 'I' | 'F', name: string): string => type + utf(name);

/** A field whose type is a class or an array; `type` is its descriptor. */
export const objectField = (name: string, type: string): string => type.charAt(0) + utf(name) + string(type);

/** How instances of a class are written. */
export interface JavaClass {
  readonly name: string;
  /** `serialVersionUID`, 16 hexadecimal digits. */
  readonly uid: string;
  /** `SC_SERIALIZABLE` 2, with `SC_WRITE_METHOD` 3; 0 for a class that cannot be written. */
  readonly flags: 0 | 2 | 3;
  readonly fields: readonly string[];
  readonly parent?: JavaClass;
}

/** `TC_CLASSDESC`. */
function description({ name, uid, flags, fields, parent }: JavaClass): string {
  const head = `\x72${utf(name)}${Buffer.from(uid, 'hex').toString('latin1')}${String.fromCharCode(flags)}`;
  return head + u16(fields.length) + fields.join('') + end + (parent === undefined ? nothing : description(parent));
}

/** `TC_OBJECT` with the values of its fields, and what its class adds to them. */
export const object = (of: JavaClass, ...data: readonly string[]): string => `\x73${description(of)}${data.join('')}`;

/** `TC_ARRAY`; the class is that of the array. */
export const array = (of: JavaClass, items: readonly string[]): string =>
  `\x75${description(of)}${int(items.length)}${items.join('')}`;

/** `TC_CLASS`: the class itself as a value. */
export const classItself = (of: JavaClass): string => `\x76${description(of)}`;

/** `TC_BLOCKDATA`: bytes that a class writes by itself, at most 255. */
export const block = (data: string): string => `\x77${String.fromCharCode(data.length)}${data}`;

/** A class without fields of interest. */
export const bare = (name: string, uid: string, flags: 0 | 2 | 3 = 2): JavaClass => ({ name, uid, flags, fields: [] });
