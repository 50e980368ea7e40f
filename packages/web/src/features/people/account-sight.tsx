import { assetGroup } from '@picket/contracts/api/people';
import type { account } from '@picket/contracts/api/session';
import type { z } from 'zod';
import { useList } from '../../shared/api/use-list.ts';
import { Fact } from '../../shared/components/facts.tsx';

type Sight = Pick<z.infer<typeof account>, 'role' | 'assetGroupIds' | 'businessUnitName'>;

/** Business unit and asset groups of an account, in words. */
export function AccountSight({ account: one }: { account: Sight }) {
  const groups = useList(assetGroup, '/asset-groups', {}, { limit: 500 });
  const whole = one.role === 'manager' || one.role === 'auditor';
  const names = one.assetGroupIds.map((id) => groups.items.find((group) => group.id === id)?.name ?? `group ${id}`);
  const head = one.role === 'unit-manager' && one.businessUnitName !== null;
  const unit = head ? [`all of ${one.businessUnitName}`] : [];
  const sees = [...unit, ...names];
  return (
    <>
      <Fact name="Business unit">{one.businessUnitName ?? 'none'}</Fact>
      <Fact name="Asset groups">
        {whole ? 'not needed: sees everything' : sees.length === 0 ? 'none: sees nothing' : sees.join(', ')}
      </Fact>
    </>
  );
}
