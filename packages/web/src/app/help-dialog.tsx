import { Kbd, Table } from '@mantine/core';
import { Dialog } from '../shared/components/dialog.tsx';

const keys: readonly (readonly [string, string])[] = [
  ['Ctrl K', 'Search places, actions and assets'],
  ['n', 'New scan'],
  ['/', 'Search this list'],
  ['j k ↓ ↑', 'Next and previous row'],
  ['Home End', 'First and last row'],
  ['Enter', 'Open the row'],
  ['x', 'Pick the row'],
  ['Esc', 'Close panel or dialog'],
  ['?', 'This help'],
];

/** All keys, on `?`. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog onClose={onClose} title="Keyboard">
      <Table aria-label="Keys">
        <Table.Tbody>
          {keys.map(([key, meaning]) => (
            <Table.Tr key={key}>
              <Table.Th w={120} scope="row">
                <Kbd>{key}</Kbd>
              </Table.Th>
              <Table.Td>{meaning}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Dialog>
  );
}
