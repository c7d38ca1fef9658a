// `npm run build:examples`, and a check of `npm run check`: an example that no longer builds fails it.
import { buildExamples } from './lib/buildExamples.ts';

try {
  buildExamples();
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
