/** What a device said it runs; null: it has said nothing yet. */
export interface ReportedVersions {
  readonly software_version: string | null;
  readonly content_version: string | null;
}

/** Whether a device runs what this platform has: its software and its content. Null while nothing is known of it. */
export function isUpToDate(
  device: ReportedVersions,
  platform: { readonly software: string; readonly content: string },
): boolean | null {
  if (device.software_version === null || device.content_version === null) return null;
  return device.software_version === platform.software && device.content_version === platform.content;
}
