import { type Lab, nsStart } from '../../lab/lab-control.ts';
import { Deployment, type DeploymentOptions } from './deployment.ts';

/** Port that the platform listens on in its namespace. */
export const platformPort = 8443;

/** A deployment in a lab: the platform in the namespace `platform`, the appliance in `scanner`, the management network between. */
export function deployInLab(lab: Lab, options: Partial<DeploymentOptions> = {}): Promise<Deployment> {
  const { platform } = lab.truth.managementNetwork;
  return Deployment.create({
    platform: { launch: (argv, env) => nsStart(lab, 'platform', argv, env), listen: platform.ipv4, port: platformPort },
    appliance: { launch: (argv, env) => nsStart(lab, 'scanner', argv, env) },
    ...options,
  });
}
