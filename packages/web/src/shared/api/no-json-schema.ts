/** What the build gives to Zod in place of its way to JSON Schema (`vite.config.ts`): nothing here asks for it. */
function missing(): never {
  throw new Error(
    'Schemas are not turned into JSON Schema in the web interface: ask the platform for /api/openapi.json',
  );
}

/** As `createToJSONSchemaMethod` of Zod. */
export const createToJSONSchemaMethod = () => missing;

/** As `createStandardJSONSchemaMethod` of Zod. */
export const createStandardJSONSchemaMethod = () => missing;
