/**
 * What every sandbox starts with: the modules and global functions that a script sees, made from tables. It runs inside the sandbox
 * before the script does and keeps what it needs of the language in variables of its own, so that a script that changes built-in objects
 * harms only itself. Everything that leaves goes through `host(name, json)`, a function of two texts.
 */
export const prelude = String.raw`
(function (host, modules, names) {
  'use strict';
  const { stringify, parse } = JSON;
  const { create, defineProperty, freeze, entries } = Object;
  const { isArray } = Array;
  const Bytes = Uint8Array;
  const identities = new WeakMap();
  const getId = WeakMap.prototype.get.bind(identities);
  const setId = WeakMap.prototype.set.bind(identities);
  const Fault = Error;
  const text = String;
  const digits = '0123456789abcdef';

  function toHex(bytes) {
    let out = '';
    for (let at = 0; at < bytes.length; at += 1) out += digits[bytes[at] >> 4] + digits[bytes[at] & 15];
    return out;
  }
  function fromHex(hex) {
    const out = new Bytes(hex.length >> 1);
    for (let at = 0; at < out.length; at += 1)
      out[at] = (digits.indexOf(hex[at * 2]) << 4) | digits.indexOf(hex[at * 2 + 1]);
    return out;
  }
  function encode(value) {
    const out = stringify(value, (_key, item) => {
      if (item instanceof Bytes) return { $bytes: toHex(item) };
      if (item instanceof ArrayBuffer) return { $bytes: toHex(new Bytes(item)) };
      if (typeof item === 'bigint' || typeof item === 'function' || typeof item === 'symbol') return text(item);
      if (item !== null && typeof item === 'object' && getId(item) !== undefined) return { ...item, $id: getId(item) };
      return item;
    });
    return out === undefined ? 'null' : out;
  }
  function decode(json) {
    return parse(json, (_key, item) =>
      item !== null && typeof item === 'object' && typeof item.$bytes === 'string' ? fromHex(item.$bytes) : item,
    );
  }
  function call(name, args) {
    const answer = host(name, encode(args));
    if (answer[0] === 'e') throw new Fault(answer.slice(1));
    return decode(answer.slice(1));
  }

  function object(module, className, from) {
    const table = modules[module].classes[className];
    const made = from && from.prototype ? create(from.prototype) : {};
    for (const method of [...table.methods, ...(table.refused || [])])
      defineProperty(made, method, {
        value: function (...args) {
          const owner = this !== null && typeof this === 'object' ? getId(this) : undefined;
          return shaped(module, method, call(module + '.' + className + '.' + method, [owner === undefined ? null : owner, ...args]), this);
        },
      });
    return made;
  }
  function shaped(module, name, value, owner) {
    const className = modules[module].returns && modules[module].returns[name];
    if (className) return held(object(module, className), value);
    if (value !== null && typeof value === 'object' && value.$same === true) return owner;
    return alternative(value);
  }
  function held(made, value) {
    const id = value !== null && typeof value === 'object' ? value.$id : value;
    if (value !== null && typeof value === 'object')
      for (const [key, item] of entries(value)) if (key !== '$id') made[key] = item;
    setId(made, id);
    return made;
  }
  /** Some results have other names in JSON than in a script. */
  function alternative(value) {
    if (value === null || typeof value !== 'object') return value;
    for (const [key, item] of entries(value)) {
      if (key === '$json') continue;
      alternative(item);
    }
    if (value.$json !== undefined) {
      const json = value.$json;
      delete value.$json;
      defineProperty(value, 'toJSON', { value: () => json });
    }
    return value;
  }

  const made = create(null);
  for (const [name, table] of entries(modules)) {
    const module = { ...table.constants };
    for (const member of table.functions)
      module[member] = (...args) => shaped(name, member, call(name + '.' + member, args), undefined);
    for (const className of Object.keys(table.classes)) {
      module[className] = function (...args) {
        const self = object(name, className, new.target);
        if (table.classes[className].methods.length === 0) return self;
        return held(self, call(name + '.' + className, args));
      };
    }
    made[name] = freeze(module);
  }

  const quiet = () => undefined;
  const exported = [];
  const named = create(null);
  let hasExport = false;
  const toJson = (value) => {
    const json = stringify(value, (_key, item) => (item instanceof Bytes ? [...item] : typeof item === 'bigint' ? text(item) : item), 2);
    return json === undefined ? '' : json;
  };
  const shown = (value) => {
    if (value === null || value === undefined) return '';
    if (typeof value === 'object') return value instanceof Bytes ? call('ToString', [value]) : toJson(value);
    return text(value);
  };
  const globals = {
    require(path) {
      const match = /^(?:nuclei\/)?([a-z0-9]+)$/.exec(text(path));
      if (match && match[1] === 'console') return globals.console;
      if (match === null || made[match[1]] === undefined) throw new Fault('there is no module ' + text(path).slice(0, 60));
      return made[match[1]];
    },
    console: freeze({ log: quiet, error: quiet, warn: quiet, info: quiet, debug: quiet }),
    process: freeze({ exit: () => call('exit', []), env: freeze({}) }),
    bytes: made.bytes,
    structs: made.structs,
    log: (value) => value,
    to_json: toJson,
    dump_json: toJson,
    to_array: (value) => (isArray(value) ? value : [value]),
    Export(...values) {
      hasExport = true;
      for (const value of values) exported.push(shown(value));
      return null;
    },
    ExportAs(key, value) {
      hasExport = true;
      named[text(key)] = shown(value);
      return null;
    },
    iterate(...values) {
      const out = [];
      for (const value of values) {
        if (value === null || value === undefined || value === '') continue;
        if (isArray(value)) out.push(...value);
        else out.push(value);
      }
      return out;
    },
  };
  for (const name of names) if (globals[name] === undefined) globals[name] = (...args) => alternative(call(name, args));
  for (const [name, value] of entries(globals)) defineProperty(globalThis, name, { value, writable: true, configurable: true });

  return function finish(value) {
    const response = hasExport ? exported.join('') + shown(value) : value;
    return encode([response === undefined ? null : typeof response === 'function' ? text(response) : response, Boolean(response), named]);
  };
})
`;
