import type { MapAnswer } from '@picket/contracts/api/map';
import { Button, Checkbox } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type Box, layOut, type PlacedNode, sizes } from './graph-layout.ts';
import { GraphLinks, GraphNode } from './graph-parts.tsx';
import { type Spot, walk } from './graph-walk.ts';
import classes from './map-graph.module.css';
import { mapTree } from './map-tree.ts';
import { saveSvg } from './save-svg.ts';
import type { OpenNetworks } from './use-open-networks.ts';
import { firstView, fit, reveal, type View, zoom } from './viewport.ts';

interface Props {
  readonly map: MapAnswer;
  readonly networks: OpenNetworks;
  /** Key of what the panel shows: a node, or `host:<address>`. */
  readonly openKey: string;
  readonly onOpen: (key: string) => void;
}

/** The map as a drawing: networks with their hosts by role, and the routers between them. Everything by keyboard too. */
export function MapGraph({ map, networks, openKey, onOpen }: Props) {
  const tree = useMemo(() => mapTree(map), [map]);
  const layout = useMemo(() => layOut(tree, networks.hosts), [tree, networks.hosts]);
  const [allWays, setAllWays] = useState(false);
  const [spot, setSpot] = useState<Spot>({ key: 'scanner', host: null });
  const { ref: frame, width, height } = useElementSize<HTMLDivElement>();
  const drawing = useRef<SVGSVGElement>(null);
  const window = { width: width || 800, height: height || 480 };
  const [moved, setMoved] = useState<View | null>(null);
  const view = moved ?? firstView(layout, layout.nodes[0]?.box ?? nowhere, window);
  const middle = { x: window.width / 2, y: window.height / 2 };
  useWheel(drawing, (factor, point) => setMoved(zoom(view, factor, point)));
  const drag = useDrag(view, setMoved);

  function focusSpot(next: Spot): void {
    setSpot(next);
    const node = layout.nodes.find((one) => one.node.key === next.key);
    if (node) setMoved(reveal(view, spotBox(node, next), window));
    requestAnimationFrame(() =>
      drawing.current?.querySelector<SVGElement>(`[data-spot="${CSS.escape(spotName(next))}"]`)?.focus(),
    );
  }
  function onKeyDown(event: React.KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = walk(layout.nodes, spot, event.key);
    if (next) focusSpot(next);
    else if (event.key === '+' || event.key === '=') setMoved(zoom(view, 1.25, middle));
    else if (event.key === '-') setMoved(zoom(view, 0.8, middle));
    else if (event.key === '0') setMoved(fit(layout, window));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    <div className={classes.graph}>
      <div className={classes.tools}>
        <Button size="xs" variant="default" onClick={() => setMoved(zoom(view, 1.25, middle))} aria-label="Zoom in">
          +
        </Button>
        <Button size="xs" variant="default" onClick={() => setMoved(zoom(view, 0.8, middle))} aria-label="Zoom out">
          −
        </Button>
        <Button size="xs" variant="default" onClick={() => setMoved(fit(layout, window))}>
          Fit
        </Button>
        <Checkbox
          size="xs"
          label="All ways between routers"
          checked={allWays}
          onChange={(event) => setAllWays(event.currentTarget.checked)}
        />
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            if (drawing.current) saveSvg(drawing.current, layout, `map-${map.job.id}.svg`);
          }}
        >
          Save as SVG
        </Button>
      </div>
      <p id="map-keys" className={classes.keys}>
        Arrow keys walk the map, Enter opens, + and − zoom, 0 fits. The tabs Hosts and Networks hold the same as tables.
      </p>
      <div ref={frame} className={classes.frame}>
        <svg
          ref={drawing}
          role="group"
          aria-label="Map of networks"
          aria-describedby="map-keys"
          className={classes.drawing}
          onKeyDown={onKeyDown}
          {...drag}
        >
          <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
            <GraphLinks layout={layout} links={allWays ? map.links : []} />
            {layout.nodes.map((placed) => (
              <GraphNode
                key={placed.node.key}
                placed={placed}
                spot={spot}
                openKey={openKey}
                onSpot={setSpot}
                onOpen={onOpen}
              />
            ))}
          </g>
        </svg>
      </div>
    </div>
  );
}

const nowhere: Box = { x: 0, y: 0, width: 0, height: 0 };

/** What the keyboard finds a part of the drawing by. */
function spotName(spot: Spot): string {
  return spot.host === null ? spot.key : `${spot.key}/${spot.host}`;
}

function spotBox({ box }: PlacedNode, spot: Spot): Box {
  if (spot.host === null) return box;
  const { pad, cell, columns, header } = sizes;
  return {
    x: box.x + pad + (spot.host % columns) * cell,
    y: box.y + header + Math.floor(spot.host / columns) * cell,
    width: cell,
    height: cell,
  };
}

/** The wheel zooms at the pointer. React listens passively, so that the page would scroll as well. */
function useWheel(
  drawing: React.RefObject<SVGSVGElement | null>,
  onZoom: (factor: number, point: { x: number; y: number }) => void,
): void {
  const latest = useRef(onZoom);
  useEffect(() => {
    latest.current = onZoom;
  });
  useEffect(() => {
    const svg = drawing.current;
    if (!svg) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = svg.getBoundingClientRect();
      latest.current(event.deltaY < 0 ? 1.15 : 1 / 1.15, { x: event.clientX - box.x, y: event.clientY - box.y });
    };
    svg.addEventListener('wheel', onWheel, { passive: false });
    return () => svg.removeEventListener('wheel', onWheel);
  }, [drawing]);
}

/** Dragging the ground moves the view. */
function useDrag(view: View, move: (view: View) => void) {
  const start = useRef<{ x: number; y: number; view: View } | null>(null);
  return {
    onPointerDown(event: React.PointerEvent<SVGSVGElement>) {
      if (event.button !== 0 || (event.target instanceof Element && event.target.closest('[data-spot]'))) return;
      start.current = { x: event.clientX, y: event.clientY, view };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: React.PointerEvent<SVGSVGElement>) {
      const from = start.current;
      if (!from) return;
      move({ ...from.view, x: from.view.x + event.clientX - from.x, y: from.view.y + event.clientY - from.y });
    },
    onPointerUp() {
      start.current = null;
    },
  };
}
