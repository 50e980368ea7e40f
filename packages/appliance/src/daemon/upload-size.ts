/** How many events go into one upload, and what it was learned from. */
export interface UploadSize {
  readonly most: number;
  /** Uploads in a row that the line cut off. */
  readonly cuts: number;
  /** Uploads in a row that arrived. */
  readonly stored: number;
}

/** Events of an upload on a line that carries them. */
export const mostEvents = 2000;
/** A first cut may be chance; from the second on half as much is tried. */
const cutsByChance = 1;
/** So many uploads have to arrive before twice as much is tried again: where something limits sessions, growing costs a cut. */
const storedToGrow = 16;

export const wholeUploads: UploadSize = { most: mostEvents, cuts: 0, stored: 0 };

/**
 * The size after an upload of `sent` events. `cut`: the connection ended or stayed silent in the middle of it, as through a proxy that limits
 * sessions by bytes or time. `too-large`: the platform or its protocol takes no such body. `failed`: for another reason, which size does not change.
 */
export function nextUploadSize(
  size: UploadSize,
  outcome: 'stored' | 'cut' | 'too-large' | 'failed',
  sent: number,
): UploadSize {
  const half = Math.max(1, Math.ceil(Math.min(size.most, sent) / 2));
  switch (outcome) {
    case 'too-large':
      return { ...size, most: half, stored: 0 };
    case 'cut':
      return { most: size.cuts < cutsByChance ? size.most : half, cuts: size.cuts + 1, stored: 0 };
    case 'stored': {
      const stored = size.stored + 1;
      if (stored < storedToGrow) return { ...size, cuts: 0, stored };
      return { most: Math.min(mostEvents, size.most * 2), cuts: 0, stored: 0 };
    }
    case 'failed':
      return size;
  }
}
