import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openApiText } from './open-api-text.ts';

/** Writes the committed copy of the API's description. Run it after every change of a route or schema. */
await writeFile(join(import.meta.dirname, '../../openapi.json'), await openApiText());
