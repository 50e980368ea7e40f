/** Serialised Java objects that `generate_java_gadget` makes. The others of the format bring code of their own with them. */
export const gadgetNames = ['dns', 'commons-collections3.1'] as const;
export type GadgetName = (typeof gadgetNames)[number];
