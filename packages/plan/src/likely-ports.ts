/** Likeliest TCP ports first. */
export const likelyTcpPorts: readonly number[] = [
  80, 443, 22, 21, 25, 23, 445, 139, 135, 3389, 53, 110, 143, 993, 995, 8080, 8443, 3306, 5432, 6379,
];
/** Likeliest UDP ports first. */
export const likelyUdpPorts: readonly number[] = [53, 161, 123, 137, 1900, 5353];
