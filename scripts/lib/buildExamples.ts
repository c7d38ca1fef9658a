import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './paths.ts';

/** The folders under `examples/`, in the order in which an app adopts them. */
export const examples = ['1-hub-beside', '2-balance-and-admin', '3-settlement'] as const;
export type Example = (typeof examples)[number];

/** Where a built example lies. */
export function exampleBuild(example: Example): string {
  return join(root, '.cache/examples', example);
}

/** Builds the examples of docs/integration-guide.md into `.cache/examples/`. */
export function buildExamples(): void {
  for (const example of examples) {
    const { status, stdout, stderr } = spawnSync(
      join(root, 'node_modules/.bin/vite'),
      ['build', '--config', join(root, 'examples', example, 'vite.config.ts'), '--logLevel', 'warn'],
      { cwd: root, encoding: 'utf8' }
    );
    if (status !== 0) throw new Error(`examples/${example} does not build:\n${stdout}\n${stderr}`);
  }
}
