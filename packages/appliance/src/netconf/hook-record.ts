/** Longest record of a DHCP client; a longer one is dropped whole. */
const mostBytes = 65_536;

/** Cuts the hook's output into records of names and values, however the bytes arrive. Values are whatever a server sent. */
export function hookRecords(onRecord: (record: ReadonlyMap<string, string>) => void): (chunk: Buffer) => void {
  let held = Buffer.alloc(0);
  let overlong = false;
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    for (let end = held.indexOf('\0\0'); end >= 0; end = held.indexOf('\0\0')) {
      const record = held.subarray(0, end);
      held = held.subarray(end + 2);
      if (!overlong && record.length <= mostBytes) onRecord(fields(record.toString('utf8')));
      overlong = false;
    }
    if (held.length > mostBytes) {
      overlong = true;
      held = held.subarray(-1);
    }
  };
}

function fields(text: string): Map<string, string> {
  const record = new Map<string, string>();
  for (const line of text.split('\0')) {
    const equals = line.indexOf('=');
    if (equals > 0) record.set(line.slice(0, equals), line.slice(equals + 1));
  }
  return record;
}
