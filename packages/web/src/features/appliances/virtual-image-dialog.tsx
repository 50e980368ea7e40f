import { virtualAppliances, type VirtualAppliances } from '@picket/contracts/api/virtual-appliance';
import { Button, Group, NumberInput, Stack } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../shared/api/api-error.ts';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Loaded } from '../../shared/components/page.tsx';
import { say } from '../../shared/components/undo-toast.tsx';
import { formatBytes } from '../../shared/format/number.ts';
import { paths } from '../../shared/paths.ts';
import { Dialog } from '../../shared/components/dialog.tsx';

/** New > Virtual scanner image: the file, where there is one, and how many instances of it there may be. */
export function VirtualImageDialog({ onClose }: { onClose: () => void }) {
  const query = useItem(virtualAppliances, '/virtual-appliances');
  const { manage } = useMay();
  return (
    <Dialog onClose={onClose} title="Virtual scanner image" size="lg">
      <Loaded query={query}>
        {(state) => (
          <Stack gap="sm">
            <Image image={state.image} />
            <div>
              One image serves every virtual scanner: each instance is told apart by its own personalization code.{' '}
              <strong>
                {state.used} of {state.limit}
              </strong>{' '}
              that the subscription may have are in use.
            </div>
            {manage ? <LimitForm key={state.limit} limit={state.limit} /> : null}
          </Stack>
        )}
      </Loaded>
    </Dialog>
  );
}

function Image({ image }: Pick<VirtualAppliances, 'image'>) {
  if (image === null) {
    return (
      <div>
        <strong>This platform holds no image.</strong> This release ships none; an operator who has one names its file
        in the setting <span className="pk-mono">applianceImage</span>, and it can be downloaded here. Until then
        install the appliance on a Linux machine close to its targets: it takes the same personalization code.
      </div>
    );
  }
  return (
    <>
      <div>
        The image is under the licence on <AppLink to={paths.about}>About</AppLink>; downloading it you accept that.
      </div>
      <Group gap="xs">
        <Button component="a" href="/api/v1/virtual-appliances/image" download={image.name}>
          Download {image.name}
        </Button>
        <span>{formatBytes(image.bytes)}</span>
      </Group>
    </>
  );
}

function LimitForm({ limit }: { limit: number }) {
  const [value, setValue] = useState(limit);
  const save = useSend({
    schema: virtualAppliances,
    method: 'PUT',
    path: '/virtual-appliances',
    body: () => ({ limit: value }),
    stale: ['/virtual-appliances'],
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined, { onSuccess: () => say('The limit is changed.') });
      }}
    >
      <Stack gap="xs">
        <Group gap="xs" align="flex-end">
          <NumberInput
            label="Virtual scanners, at most"
            min={0}
            max={100_000}
            value={value}
            onChange={(next) => setValue(Number(next))}
            error={fieldError(save.error, 'limit')}
          />
          <Button type="submit" variant="default" disabled={value === limit} loading={save.isPending}>
            Change limit
          </Button>
        </Group>
        {save.error ? <ErrorState error={save.error} /> : null}
      </Stack>
    </form>
  );
}
