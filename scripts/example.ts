// `npm run example -- 1`: one of the examples with Vite's hot reload, over the local network that `npm start` runs.
import { join } from 'node:path';
import { createServer } from 'vite';
import { examples } from './lib/buildExamples.ts';
import { root } from './lib/paths.ts';

const wanted = process.argv[2] ?? '';
const example = examples.find((name) => name === wanted || name.startsWith(`${wanted}-`));
if (example === undefined) {
  console.error(`Which one? npm run example -- 1 (there are: ${examples.join(', ')})`);
  process.exit(2);
}
const server = await createServer({ configFile: join(root, 'examples', example, 'vite.config.ts') });
await server.listen();
console.log(`examples/${example} over the network of \`npm start\`. Stop with Ctrl-C.`);
server.printUrls();
