/** Why a bundle is refused; each with what it means and the way out. Codes also name failed updates of an appliance. */
export const bundleFaults = {
  'bundle.not-a-bundle': {
    text: 'This is no release bundle.',
    hint: 'Make one with "picket release make".',
  },
  'bundle.manifest-invalid': {
    text: 'The manifest of the bundle is not valid.',
    hint: 'Make the bundle again with "picket release make"; a bundle of a newer format needs newer software.',
  },
  'bundle.key-unknown': {
    text: 'The bundle is signed with a key that is not trusted here.',
    hint: 'Sign it with a key whose public half is in the release keys of the appliance.',
  },
  'bundle.signature-invalid': {
    text: 'The signature of the bundle does not hold: it was changed after it was signed.',
    hint: 'Publish the bundle again from the place where it was made.',
  },
  'bundle.file-damaged': {
    text: 'A file of the bundle is not the one that was signed.',
    hint: 'Publish the bundle again from the place where it was made.',
  },
  'bundle.cut-off': {
    text: 'The bundle ends too early.',
    hint: 'Copy or publish it again: a transfer was cut off.',
  },
  'bundle.too-long': {
    text: 'Something follows after the last file of the bundle.',
    hint: 'Copy or publish it again.',
  },
} as const;
export type BundleFaultCode = keyof typeof bundleFaults;

export interface BundleFault {
  readonly code: BundleFaultCode;
  /** What exactly was seen. */
  readonly detail: string;
}

/** One sentence for people. */
export function bundleFaultText({ code, detail }: BundleFault): string {
  return `${bundleFaults[code].text}${detail === '' ? '' : ` (${detail})`}`;
}
