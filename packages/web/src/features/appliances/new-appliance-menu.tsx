import { Button, Menu } from '@mantine/core';
import { useFeatures } from '../../shared/api/use-session.ts';

/** By activation code, by personalization code, or as an image. */
export type NewApplianceKind = 'appliance' | 'virtual' | 'image';

/** What kind of appliance; open from the start. */
export function NewApplianceMenu({ onChoose }: { onChoose: (dialog: NewApplianceKind) => void }) {
  const { virtualAppliances } = useFeatures();
  return (
    <Menu defaultOpened position="bottom-end" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button>New appliance</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChoose('appliance')}>Scanner appliance (activation code)</Menu.Item>
        {virtualAppliances ? (
          <>
            <Menu.Item onClick={() => onChoose('virtual')}>Virtual scanner (personalization code)</Menu.Item>
            <Menu.Item onClick={() => onChoose('image')}>Virtual scanner image</Menu.Item>
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
