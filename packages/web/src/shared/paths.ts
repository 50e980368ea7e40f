/** Every address of the interface, in one place. */
export const paths = {
  overview: '/',
  scans: '/scans',
  scan: (id: number) => `/scans/${id}`,
  maps: '/maps',
  map: (id: number) => `/maps/${id}`,
  assets: '/assets',
  asset: (id: number) => `/assets/${id}`,
  detections: '/detections',
  checks: '/checks',
  appliances: '/appliances',
  networks: '/settings/networks',
  people: '/settings/people',
  audit: '/settings/audit',
  about: '/about',
  setup: '/setup',
  components: '/dev/components',
} as const;
