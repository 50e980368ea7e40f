import { Notifications, notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { showToastsBy } from '../shared/components/toasts.ts';

/** Where messages appear. */
export function ToastCorner() {
  useEffect(
    () =>
      showToastsBy((make) => {
        const id = notifications.show(make(() => notifications.hide(id)));
      }),
    [],
  );
  return <Notifications position="bottom-right" limit={3} />;
}
