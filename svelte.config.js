import { readFileSync } from 'node:fs';
import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { writeSecurityHeader } from './scripts/lib/securityHeader.mjs';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

// One static page for every address: the asset canister answers unknown paths with it.
const staticSite = adapter({ pages: 'build', assets: 'build', fallback: 'index.html', strict: true });

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: {
      ...staticSite,
      adapt: async (builder) => {
        await staticSite.adapt(builder);
        await writeSecurityHeader('build');
      }
    },
    alias: { $components: 'src/lib/components' },
    // A number instead of the build's time: the same source gives the same files.
    version: { name: version },
    csp: {
      // Hashes, no inline script. The deploy repeats these in the response header, where both policies intersect.
      mode: 'hash',
      directives: {
        'default-src': ['none'],
        'script-src': ['self'],
        'style-src': ['self'],
        // The one static inline style is Kit's route announcer: allowed by its hash, nothing else.
        'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
        'img-src': ['self', 'data:'],
        'font-src': ['self'],
        'manifest-src': ['self'],
        'worker-src': ['self'],
        // 'self' is the local network; the others are the boundary of the Internet Computer.
        'connect-src': ['self', 'https://icp0.io', 'https://ic0.app', 'https://icp-api.io'],
        'base-uri': ['none'],
        'form-action': ['none']
      }
    }
  }
};
