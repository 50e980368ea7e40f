import { Drawer, Modal, type ModalProps } from '@mantine/core';

/** The box of a dialog. */
export function DialogBox(props: Omit<ModalProps, 'opened'>) {
  return <Modal opened {...props} />;
}

/** A side panel over the whole of a narrow window. */
export function PanelBox(props: {
  title: React.ReactNode;
  label: string;
  onClose: () => void;
  children: React.ReactNode;
}) {
  return (
    <Drawer opened onClose={props.onClose} position="right" size="100%" title={props.title} aria-label={props.label}>
      {props.children}
    </Drawer>
  );
}
