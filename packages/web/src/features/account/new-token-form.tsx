import { createdApiToken, type TokenScope, tokenDays, tokenScope } from '@picket/contracts/api/sign-in';
import { Button, Group, NumberInput, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { scopeWords } from '../../shared/account/token-entries.tsx';
import { fieldError } from '../../shared/api/api-error.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { CodeBox } from '../../shared/appliances/code-box.tsx';
import { SendForm } from '../../shared/components/send-form.tsx';

/** Name, scope and days of a token; then the token itself, once. */
export function NewTokenForm({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState('');
  const [scope, setScope] = useState<TokenScope>('read');
  const [days, setDays] = useState<number>(tokenDays.usual);
  const make = useSend({
    schema: createdApiToken,
    method: 'POST',
    path: '/tokens',
    body: (values: { name: string; scope: TokenScope; days: number }) => values,
    stale: ['/tokens'],
  });
  if (make.data) {
    return (
      <Stack gap="sm">
        <CodeBox label="API token" code={make.data.token} />
        <div>Put it where the program finds it, such as its secret store. It is not shown again.</div>
        <Group justify="flex-end">
          <Button onClick={onDone}>Done</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <SendForm
      send={make}
      verb="Make token"
      ready={name.trim() !== '' && days >= 1}
      onSubmit={() => make.mutate({ name, scope, days })}
    >
      <TextInput
        label="Name"
        description="What uses it, and where"
        placeholder="nightly export on build-3"
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={fieldError(make.error, 'name')}
        data-autofocus
      />
      <Radio.Group label="Scope" value={scope} onChange={(value) => setScope(tokenScope.parse(value))}>
        <Stack gap={4} mt={4}>
          {tokenScope.options.map((one) => (
            <Radio key={one} value={one} label={scopeWords[one]} />
          ))}
        </Stack>
      </Radio.Group>
      <NumberInput
        label="Days until it expires"
        description={`At most ${tokenDays.longest}`}
        min={1}
        max={tokenDays.longest}
        allowDecimal={false}
        value={days}
        onChange={(value) => setDays(Number(value))}
        error={fieldError(make.error, 'days')}
      />
    </SendForm>
  );
}
