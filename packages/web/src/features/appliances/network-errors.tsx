import { type Appliance, applianceNetworkError } from '@picket/contracts/api/appliance';
import { Button, Table, Title } from '@mantine/core';
import { useState } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { Address } from '../../shared/components/address.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { ExactTime } from '../../shared/components/time.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';

/** Shown before somebody asks for all. */
const shownAtFirst = 5;

/** `NETWORK ERR` and `COMMUNICATION FAILURE` of an appliance, newest first, with the codes of older models beside ours (spec section 7). */
export function NetworkErrors({ appliance: one }: { appliance: Appliance }) {
  const errors = useList(applianceNetworkError, `/appliances/${one.id}/network-errors`, {}, { limit: 500 });
  const [all, setAll] = useState(false);
  if (errors.loading) return null;
  const rows = all ? errors.items : errors.items.slice(0, shownAtFirst);
  return (
    <section aria-label="Network errors">
      <Title order={3} size="h5">
        Network errors
      </Title>
      {errors.error ? <ErrorState error={errors.error} /> : null}
      {rows.length === 0 && !errors.error ? <NotKnown>none told</NotKnown> : null}
      {rows.length > 0 ? (
        <Table fz="xs" horizontalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Error</Table.Th>
              <Table.Th>E-code</Table.Th>
              <Table.Th>Since, and over</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((error) => (
              <Table.Tr key={`${error.raisedAt} ${error.code} ${error.description}`}>
                <Table.Td>
                  <Address>{error.code === null ? error.description : `${error.code} ${error.description}`}</Address>
                  {error.kind === 'communication-failure' ? <div>COMMUNICATION FAILURE</div> : null}
                </Table.Td>
                <Table.Td>
                  <Address>{error.eCode}</Address>
                </Table.Td>
                <Table.Td>
                  <ExactTime at={error.raisedAt} wraps />
                  <br />
                  {error.clearedAt === null ? 'end not told yet' : <ExactTime at={error.clearedAt} wraps />}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : null}
      {rows.length < errors.items.length ? (
        <Button variant="default" size="xs" onClick={() => setAll(true)}>
          Show all {errors.items.length}
        </Button>
      ) : null}
    </section>
  );
}
