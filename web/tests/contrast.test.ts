/// <reference types="vite/client" />
import { expect, test } from 'vitest';
import text from '../src/design/tokens.css?raw';

const [light, dark] = text.split(":root[data-theme='dark']").map(
  (part) => new Map([...part.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name!, colour!])),
);

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (high! + 0.05) / (low! + 0.05);
}

const SURFACES = ['ground', 'surface', 'raised', 'hover'];
const TEXTS: [string, string[]][] = [
  ['text', [...SURFACES, 'sunken', 'chosen']],
  ['text-soft', [...SURFACES, 'sunken']],
  ['text-faint', ['surface', 'ground']],
  ['accent', SURFACES],
  ['accent-strong', [...SURFACES, 'tint']],
  ['on-accent', ['accent']],
  ['error', ['surface', 'ground', 'error-tint', 'raised']],
  ['surface', ['error']],
  ['warn', ['surface', 'warn-tint']],
  ['good', ['surface', 'good-tint', 'ground']],
  ['found-text', ['found']],
  ['escape', ['surface']],
  ['field', ['surface']],
  ['string', ['surface']],
  ['pipe', ['surface']],
];

for (const [theme, colours] of [['light', light!], ['dark', new Map([...light!, ...dark!])]] as const) {
  test.each(TEXTS.flatMap(([name, grounds]) => grounds.map((ground) => [name, ground] as const)))(`${theme}: %s on %s can be read`, (name, ground) => {
    expect(contrast(colours.get(name)!, colours.get(ground)!)).toBeGreaterThanOrEqual(4.5);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(`${theme}: line %i of a chart can be seen`, (line) => {
    expect(contrast(colours.get(`line-${line}`)!, colours.get('surface')!)).toBeGreaterThanOrEqual(3);
  });
}
