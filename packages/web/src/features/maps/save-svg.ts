import type { GraphLayout } from './graph-layout.ts';

const styled = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'font', 'color', 'text-anchor'] as const;

/** Hands the drawing to the browser as a file of its own: whole, at full size, with its colours written into it. */
export function saveSvg(drawing: SVGSVGElement, layout: GraphLayout, name: string): void {
  const copy = drawing.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) return;
  const originals = [...drawing.querySelectorAll('*')];
  for (const [index, element] of [...copy.querySelectorAll('*')].entries()) {
    const original = originals[index];
    if (!original) continue;
    const style = getComputedStyle(original);
    element.setAttribute('style', styled.map((key) => `${key}:${style.getPropertyValue(key)}`).join(';'));
    for (const attribute of ['class', 'tabindex', 'role', 'data-spot']) element.removeAttribute(attribute);
  }
  const margin = 16;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('viewBox', `${-margin} ${-margin} ${layout.width + 2 * margin} ${layout.height + 2 * margin}`);
  copy.setAttribute('width', String(layout.width + 2 * margin));
  copy.setAttribute('height', String(layout.height + 2 * margin));
  copy.setAttribute('style', `background:${getComputedStyle(drawing.parentElement ?? drawing).backgroundColor}`);
  copy.querySelector('g')?.removeAttribute('transform');
  const url = URL.createObjectURL(new Blob([copy.outerHTML], { type: 'image/svg+xml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
