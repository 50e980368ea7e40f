import { installPackages } from '../../lab/install.ts';
import { labPackages } from '../../lab/packages.ts';

/** What the large tests need from the operating system beyond the lab's services. */
const testPackages = ['chromium', 'postgresql'];

/** Installs them as root on Debian; elsewhere says what stays untested. Nothing that is installed gets started or enabled. */
export async function installSystemPackages(_root: string, say: (line: string) => void): Promise<void> {
  await installPackages([...labPackages, ...testPackages], say);
}
