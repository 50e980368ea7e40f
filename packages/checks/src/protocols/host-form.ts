/** `{{Hostname}}`, `tls://{{Host}}:{{Port}}`, `udp://{{Hostname}}`, `{{Hostname}}:6379`. */
export const hostShape = /^(tls:\/\/|udp:\/\/|tcp:\/\/)?\{\{(?:Hostname|Host)\}\}(?::(?:\{\{Port\}\}|([0-9]{1,5})))?$/;
