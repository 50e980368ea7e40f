/** So many cases and expressions pass in this release; fewer is a fault. Raise them when more pass. */
export const floor = { cases: 89, expressions: 71 } as const;
