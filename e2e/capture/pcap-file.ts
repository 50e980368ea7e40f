const headerLength = 24;
const recordLength = 16;
const littleEndianMagic = 0xa1b2c3d4;
const ethernetLink = 1;

/**
 * Frames of a capture file in the classic format (libpcap's savefile, pcap-savefile(5)), one after the other, as long as they were kept:
 * cut at the snapshot length. Throws for another format, another link than Ethernet and a record that is cut: a proof must not rest on
 * half a file.
 */
export function* readPcap(file: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < headerLength || view.getUint32(0, true) !== littleEndianMagic)
    throw new Error('this is no capture file of a little-endian machine: write it with "tcpdump -w"');
  const link = view.getUint32(20, true);
  if (link !== ethernetLink) throw new Error(`the capture is of link type ${link}, not of Ethernet`);
  for (let at = headerLength; at < file.length; ) {
    const end = at + recordLength <= file.length ? at + recordLength + view.getUint32(at + 8, true) : file.length + 1;
    if (end > file.length) throw new Error('the last frame of the capture is cut: stop the capture before reading it');
    yield file.subarray(at + recordLength, end);
    at = end;
  }
}

/** When each frame was captured, milliseconds since the epoch. The file may still grow. */
export function* frameTimes(file: Uint8Array): Generator<number> {
  for (const { at } of timedFrames(file)) yield at;
}

/**
 * Frames with when each was captured, milliseconds since the epoch. The file may still grow: a record that is cut at its end is left out.
 */
export function* timedFrames(file: Uint8Array): Generator<{ readonly at: number; readonly frame: Uint8Array }> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < headerLength) return;
  if (view.getUint32(0, true) !== littleEndianMagic)
    throw new Error('this is no capture file of a little-endian machine: write it with "tcpdump -w"');
  for (let at = headerLength; at + recordLength <= file.length; ) {
    const end = at + recordLength + view.getUint32(at + 8, true);
    if (end > file.length) return;
    const seconds = view.getUint32(at, true);
    yield {
      at: seconds * 1000 + view.getUint32(at + 4, true) / 1000,
      frame: file.subarray(at + recordLength, end),
    };
    at = end;
  }
}
