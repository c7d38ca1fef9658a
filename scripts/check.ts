// `npm run check`: types, lint, format, borders, unused code, bindings. Prints every complaint, then one line a check.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checks } from './lib/checks.ts';
import { root } from './lib/paths.ts';

spawnSync(join(root, 'node_modules/.bin/svelte-kit'), ['sync'], { cwd: root, stdio: 'inherit' });
const failed = checks.filter(({ name, tool, args }) => {
  const { status } = spawnSync(join(root, 'node_modules/.bin', tool), args, { cwd: root, stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  return status !== 0;
});
process.exit(failed.length === 0 ? 0 : 1);
