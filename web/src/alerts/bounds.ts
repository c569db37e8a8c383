import type { Bound } from '../charts/Chart.svelte';

/** The lines of a chart at which an alert fires, and is good again. */
export function boundsOf(condition: string, threshold: number | null, recover: number | null): Bound[] {
  if (threshold === null || condition === 'none') return [];
  const bounds: Bound[] = [{ value: threshold, name: `fires ${condition}`, dashed: false }];
  if (recover !== null && recover !== threshold) bounds.push({ value: recover, name: `good again ${condition === 'above' ? 'below' : 'above'}`, dashed: true });
  return bounds;
}
