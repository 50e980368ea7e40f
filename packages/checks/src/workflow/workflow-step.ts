/** One step of a workflow as its template writes it: what is run, and what its results lead to. */
export interface WorkflowStep {
  /** Path of a template or of a folder with templates in the same pack; or tags, of which a template must have one. */
  readonly parts: { readonly path: string } | { readonly tags: readonly string[] };
  /** Each leads on by names of matchers and extractors. Not beside `next`. */
  readonly matchers: readonly WorkflowMatcher[];
  /** Run when a part found something. */
  readonly next: readonly WorkflowStep[];
}

/** Leads on when the answer of a part gave what has these names. */
export interface WorkflowMatcher {
  readonly names: readonly string[];
  /** All names must be there; else one. */
  readonly all: boolean;
  readonly next: readonly WorkflowStep[];
}
