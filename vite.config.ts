import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [sveltekit()],
  build: { target: 'es2022' },
  test: {
    projects: [
      {
        // The library, the scripts and the integration guide: no browser needed.
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'examples/*.test.ts'],
          exclude: ['src/**/*.svelte.test.ts', 'src/lib/components/**', 'src/routes/**']
        }
      },
      {
        extends: true,
        resolve: { conditions: ['browser'] },
        test: {
          name: 'components',
          environment: 'jsdom',
          include: ['src/**/*.svelte.test.ts', 'src/lib/components/**/*.test.ts', 'src/routes/**/*.test.ts'],
          setupFiles: ['tests/setup/components.ts']
        }
      },
      { test: { name: 'local-ic', environment: 'node', include: ['local-ic/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 } },
      {
        test: {
          name: 'canisters',
          environment: 'node',
          include: ['tests/canisters/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000
        }
      },
      {
        extends: true,
        test: {
          name: 'services',
          environment: 'node',
          include: ['tests/services/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000
        }
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          environment: 'node',
          alias: {
            '@noble/curves/bls12-381': new URL('tests/simulation/services/quickBls.ts', import.meta.url).pathname,
            '@noble/curves/ed25519': new URL('tests/simulation/services/quickEd25519.ts', import.meta.url).pathname
          },
          server: { deps: { inline: [/@dfinity\/(agent|identity)/u] } },
          include: ['tests/simulation/**/*.test.ts'],
          testTimeout: 1_200_000,
          hookTimeout: 120_000
        }
      },
      {
        // Part of `npm run bench`, not of `npm test`.
        extends: true,
        test: { name: 'bench', environment: 'node', include: ['tests/bench/services/*.test.ts'], testTimeout: 3_600_000 }
      }
    ]
  }
});
