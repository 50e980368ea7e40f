import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mustRun } from '@picket/testkit/namespaces/run-command';
import type { GuestKernel } from '../../lab/guest-kernel.ts';
import { modulePaths } from './guest-modules.ts';
import { copyPrograms } from './guest-programs.ts';
import { productionPackages } from './production-packages.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Where the project is in the guest. */
export const guestProject = '/opt/picket';

/** What the network helper and the ends that answer it run. */
const programs = [
  'busybox sh env cat grep sleep readlink mount nsenter unshare setpriv',
  'ip nft ethtool udhcpc dhclient rdisc6 dnsmasq radvd socat',
].flatMap((line) => line.split(' '));

/** To find the disk, and once it is there. */
const diskModules = ['virtio_pci', 'virtio_blk'];
const networkModules =
  'virtio_net virtio_console virtio_rng 8021q nf_tables nft_ct nf_conntrack inet_diag tcp_diag'.split(' ');

/** Not needed by what runs in the guest, and large. */
const leftOut = ['node_modules/@electric-sql/pglite'];
const diskMegabytes = 640;

/** Files to boot. */
export interface GuestImage {
  readonly kernel: string;
  readonly initrd: string;
  readonly disk: string;
}

/** Makes a disk with this machine's programs, this project and a start script, and an initial RAM disk that finds it. About 3 s, 300 MB in `folder`. */
export async function buildGuestImage(kernel: GuestKernel, folder: string): Promise<GuestImage> {
  const [root, early] = [join(folder, 'root'), join(folder, 'early')];
  for (const each of [root, early]) await addFrame(each);
  await copyPrograms(root, [...programs, process.execPath]);
  await copyPrograms(early, ['busybox']);
  const loadedEarly = modulePaths(kernel.modules, diskModules);
  await addModules(early, loadedEarly);
  const later = modulePaths(kernel.modules, networkModules).filter((path) => !loadedEarly.includes(path));
  await addModules(root, later);
  await writeFile(join(early, 'init'), earlyInit, { mode: 0o755 });
  await writeFile(join(root, 'init'), guestInit(process.execPath), { mode: 0o755 });
  await addProject(root);
  const image = { kernel: kernel.image, initrd: join(folder, 'initrd'), disk: join(folder, 'disk') };
  await mustRun(['sh', '-c', 'find . | busybox cpio -o -H newc >"$1"', 'sh', image.initrd], { cwd: early });
  const size = [image.disk, `${diskMegabytes}M`];
  await mustRun(['mke2fs', '-q', '-t', 'ext4', '-E', 'root_owner=0:0', '-d', root, ...size], { timeoutMs: 60_000 });
  return image;
}

async function addFrame(root: string): Promise<void> {
  for (const each of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(root, 'usr', each), { recursive: true });
    await symlink(join('usr', each), join(root, each));
  }
  const folders = [
    'proc',
    'sys',
    'dev',
    'run',
    'tmp',
    'root',
    'mnt',
    'modules',
    'etc/picket',
    'var/lib',
    'var/cache/node',
  ];
  for (const each of folders) await mkdir(join(root, each), { recursive: true });
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n');
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  await writeFile(join(root, 'etc/hosts'), '127.0.0.1 localhost\n');
  await writeFile(join(root, 'etc/resolv.conf'), '');
}

async function addModules(root: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) await cp(path, join(root, 'modules', basename(path)));
  await writeFile(join(root, 'modules/order'), paths.map((path) => `/modules/${basename(path)}\n`).join(''));
}

async function addProject(root: string): Promise<void> {
  const inside = join(root, guestProject);
  await mkdir(inside, { recursive: true });
  const lock = await readFile(join(project, 'package-lock.json'), 'utf8');
  const needed = productionPackages(lock, 'packages/cli').filter((each) => !leftOut.includes(each));
  // Where npm found room for it further up, it is there; what is for another kind of machine is nowhere.
  const here = needed
    .map((each) => (existsSync(join(project, each)) ? each : each.slice(each.lastIndexOf('node_modules/'))))
    .filter((each) => existsSync(join(project, each)));
  const own = ['packages', 'content', 'e2e/machine', 'package.json', 'node_modules/@picket'];
  await mustRun(['cp', '-a', '--parents', ...own, ...here, inside], { cwd: project, timeoutMs: 60_000 });
}

/** Loads what finds the disk and becomes it. */
const earlyInit = `#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
while read -r module; do /bin/busybox insmod "$module"; done </modules/order
until [ -b /dev/vda ]; do /bin/busybox usleep 20000; done
/bin/busybox mount -t ext4 /dev/vda /mnt
exec /bin/busybox switch_root /mnt /init
`;

/** The first process: it outlives the agent, and says so when that ends. */
const guestInit = (node: string) => `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root NODE_COMPILE_CACHE=/var/cache/node
for each in proc sysfs:sys devtmpfs:dev tmpfs:run tmpfs:tmp; do mount -t "\${each%:*}" "\${each%:*}" "/\${each#*:}"; done
while read -r module; do busybox insmod "$module"; done </modules/order
busybox hostname appliance
echo "guest: starting the agent"
${node} --disable-warning=ExperimentalWarning ${guestProject}/e2e/machine/guest-agent.ts
echo "guest: the agent ended with $?"
busybox poweroff -f
`;
