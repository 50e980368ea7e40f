/** SKF_AD_OFF + SKF_AD_PKTTYPE, where the kernel answers in place of the frame. */
const packetTypeAt = 0xfffff004;

/**
 * Runs a classic BPF program as the kernel does (only the instructions that link filters use): how many bytes of the frame it lets
 * through, 0 for none. A load past the end drops the frame. `packetType` is where the frame goes: 0 to us, 1 to all, 2 to a group, 3 to another machine.
 */
export function runClassicBpf(program: Uint8Array, frame: Uint8Array, packetType = 0): number {
  const view = new DataView(program.buffer, program.byteOffset, program.length);
  const byte = (at: number) => {
    const value = frame[at];
    if (value === undefined) throw new RangeError('load past the end');
    return value;
  };
  let a = 0;
  let x = 0;
  try {
    for (let pc = 0; pc < program.length / 8; pc += 1) {
      const code = view.getUint16(pc * 8, true);
      const k = view.getUint32(pc * 8 + 4, true);
      const jump = (taken: boolean) => {
        pc += view.getUint8(pc * 8 + (taken ? 2 : 3));
      };
      if (code === 0x20 && k === packetTypeAt) a = packetType;
      else if (code === 0x28) a = byte(k) * 256 + byte(k + 1);
      else if (code === 0x30) a = byte(k);
      else if (code === 0x48) a = byte(x + k) * 256 + byte(x + k + 1);
      else if (code === 0x50) a = byte(x + k);
      else if (code === 0xb1) x = (byte(k) & 15) * 4;
      else if (code === 0x74) a >>>= k;
      else if (code === 0x15) jump(a === k);
      else if (code === 0x25) jump(a > k);
      else if (code === 0x35) jump(a >= k);
      else if (code === 0x45) jump((a & k) !== 0);
      else if (code === 0x06) return k;
      else throw new Error(`unknown instruction ${code}`);
    }
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
  throw new Error('the program ran off its end');
}
