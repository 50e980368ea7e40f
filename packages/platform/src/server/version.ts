import manifest from '../../package.json' with { type: 'json' };

/** Version of this platform, from its package. */
export const softwareVersion: string = manifest.version;
