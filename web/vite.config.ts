import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { compressed } from './compressed.ts';

// PUPPYLOG_WEB_OUT is set by the build of the executable, which embeds what is written there.
export default defineConfig({
  plugins: [svelte(), compressed()],
  build: {
    outDir: process.env.PUPPYLOG_WEB_OUT ?? 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { proxy: { '/select': 'http://127.0.0.1:7447', '/api': 'http://127.0.0.1:7447', '/status': 'http://127.0.0.1:7447' } },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: { environment: 'happy-dom', css: true, include: ['tests/**/*.test.ts'] },
});
