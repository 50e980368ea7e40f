import manifest from '../package.json' with { type: 'json' };

/** The version that all packages share. */
export const version: string = manifest.version;
