import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probes } from '@picket/engine/services/registry';
import { servicesPage } from '@picket/engine/services/services-page';

writeFileSync(join(import.meta.dirname, '../../docs/services.md'), servicesPage(probes));
