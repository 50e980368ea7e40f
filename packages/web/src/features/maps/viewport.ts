import type { Box } from './graph-layout.ts';

/** What part of the drawing is seen: its scale, and where its origin lies in the window, pixels. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const smallest = 0.05;
const largest = 3;
const margin = 16;

/** The whole drawing in the window, never larger than life. */
export function fit(drawing: Size, window: Size): View {
  const scale = Math.min(
    1,
    Math.max(
      smallest,
      Math.min((window.width - 2 * margin) / drawing.width, (window.height - 2 * margin) / drawing.height),
    ),
  );
  const middle = (window.height - drawing.height * scale) / 2;
  return { x: margin, y: Math.max(margin, middle), scale };
}

/** Smallest scale at which words can be read without zooming. */
const readable = 0.55;

/** How a map is first shown: whole if it can be read so, else readable, with the box (the scanner) at the left in the middle. */
export function firstView(drawing: Size, box: Box, window: Size): View {
  const whole = fit(drawing, window);
  if (whole.scale >= readable) return whole;
  const y = window.height / 2 - (box.y + box.height / 2) * readable;
  return { x: margin - box.x * readable, y, scale: readable };
}

/** Zooms by a factor and keeps the point (in window pixels) where it is. */
export function zoom(view: View, factor: number, point: { readonly x: number; readonly y: number }): View {
  const scale = Math.min(largest, Math.max(smallest, view.scale * factor));
  const real = scale / view.scale;
  return { scale, x: point.x - (point.x - view.x) * real, y: point.y - (point.y - view.y) * real };
}

/** Moves the view as little as needed to show a box; the same view when it is seen already. */
export function reveal(view: View, box: Box, window: Size): View {
  const shift = (start: number, length: number, room: number) => {
    if (start < margin) return margin - start;
    const over = start + length + margin - room;
    return over > 0 ? -Math.min(over, start - margin) : 0;
  };
  const x = shift(view.x + box.x * view.scale, box.width * view.scale, window.width);
  const y = shift(view.y + box.y * view.scale, box.height * view.scale, window.height);
  return x === 0 && y === 0 ? view : { ...view, x: view.x + x, y: view.y + y };
}
