import { type CSSVariablesResolver, createTheme } from '@mantine/core';

/** Compact, two weights, colour only for meaning. Colours that carry meaning are in `theme.css`. */
export const theme = createTheme({
  colors: {
    // Mantine's dark greys are neutral; ours lean to blue like the rest of the page.
    dark: [
      '#e4e7ec',
      '#c4c9d3',
      '#a3aab6',
      '#6b7280',
      '#3d434f',
      '#363b46',
      '#1e2128',
      '#1a1d23',
      '#15171c',
      '#101216',
    ],
  },
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Roboto Mono", "Liberation Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '15px' }, h3: { fontSize: '14px' } },
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Modal: { defaultProps: { transitionProps: { duration: 100 }, closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { transitionProps: { duration: 100 }, closeButtonProps: { 'aria-label': 'Close' } } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, multiline: true, maw: 320 } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
});

/** Mantine's own greys are below a contrast of 4.5 for dimmed text and placeholders: ours are not. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#545b66',
    '--mantine-color-placeholder': '#626973',
    '--mantine-color-anchor': '#3049b8',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#16191f',
    '--mantine-color-default-border': '#d5d9e0',
  },
  dark: {
    '--mantine-color-dimmed': '#a3aab6',
    '--mantine-color-placeholder': '#9aa1ad',
    '--mantine-color-anchor': '#9db2ff',
    '--mantine-color-error': '#ff8f88',
    '--mantine-color-body': '#15171c',
    '--mantine-color-text': '#e4e7ec',
    '--mantine-color-default': '#1e2128',
    '--mantine-color-default-hover': '#262a33',
    '--mantine-color-default-border': '#363b46',
  },
});
