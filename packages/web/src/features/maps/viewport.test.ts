import { describe, expect, it } from 'vitest';
import { firstView, fit, reveal, zoom } from './viewport.ts';

const window = { width: 1000, height: 600 };

describe('viewport', () => {
  it('fits a drawing whole, never larger than life', () => {
    expect(fit({ width: 200, height: 100 }, window)).toMatchObject({ scale: 1 });
    const view = fit({ width: 4000, height: 100 }, window);
    expect(view.x + 4000 * view.scale).toBeLessThanOrEqual(1000);
  });

  it('first shows a huge drawing readable, with the scanner in the middle of the left side', () => {
    const scanner = { x: 0, y: 4978, width: 164, height: 44 };
    const view = firstView({ width: 4000, height: 10_000 }, scanner, window);
    expect(view.scale).toBeGreaterThan(0.5);
    expect(view.y + 5000 * view.scale).toBeCloseTo(300);
  });

  it('zooms at a point, which stays, and within bounds', () => {
    const view = zoom({ x: 10, y: 20, scale: 1 }, 2, { x: 110, y: 120 });
    expect([view.x + 100 * view.scale, view.y + 100 * view.scale]).toEqual([110, 120]);
    expect(zoom(view, 1000, { x: 0, y: 0 }).scale).toBe(3);
    expect(zoom(view, 0, { x: 0, y: 0 }).scale).toBe(0.05);
  });

  it('moves only as far as needed to show a box', () => {
    const view = { x: 0, y: 0, scale: 1 };
    expect(reveal(view, { x: 100, y: 100, width: 50, height: 50 }, window)).toBe(view);
    const moved = reveal(view, { x: 1500, y: 100, width: 50, height: 50 }, window);
    expect(moved).toEqual({ x: -566, y: 0, scale: 1 });
  });
});
