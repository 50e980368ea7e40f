/** So many cases and expressions pass in this release; fewer is a fault. Raise them when more pass. */
export const floor = { cases: 39, expressions: 70 } as const;
