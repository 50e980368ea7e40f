/** Hello extensions that the survey offers or reads (TLS ExtensionType Values registry). */
export const extensionTypes = {
  /** RFC 6066 section 3. */
  serverName: 0,
  /** RFC 6066 section 4. */
  maxFragmentLength: 1,
  /** RFC 6066 section 8. */
  statusRequest: 5,
  /** RFC 7919, RFC 8422 section 5.1.1. */
  supportedGroups: 10,
  /** RFC 8422 section 5.1.2. */
  pointFormats: 11,
  /** RFC 8446 section 4.2.3. */
  signatureAlgorithms: 13,
  /** RFC 6520. */
  heartbeat: 15,
  /** RFC 7301. */
  alpn: 16,
  /** RFC 7366. */
  encryptThenMac: 22,
  /** RFC 7627. */
  extendedMasterSecret: 23,
  /** RFC 5077. */
  sessionTicket: 35,
  /** RFC 8446 section 4.2.1. */
  supportedVersions: 43,
  /** RFC 8446 section 4.2.9. */
  pskModes: 45,
  /** RFC 8446 section 4.2.8. */
  keyShare: 51,
  /** RFC 5746. */
  renegotiationInfo: 0xff01,
} as const;
