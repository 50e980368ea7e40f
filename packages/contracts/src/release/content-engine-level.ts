/**
 * What this software understands of content; content that needs more is refused. Changelog:
 * - 2 (2026-11-29): DNS, jq and XPath, variables across protocols, more functions.
 * - 1 (2026-11-21): checks over HTTP, TCP, UDP and TLS; fingerprints in recog XML.
 */
export const contentEngineLevel = 2;
