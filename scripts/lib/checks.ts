/** What `npm run check` and the first suite of `npm test` run: each must leave with 0. */
export const checks: { name: string; tool: string; args: string[] }[] = [
  { name: 'format', tool: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'lint and borders', tool: 'eslint', args: ['--max-warnings', '0', '.'] },
  { name: 'types outside the app', tool: 'tsc', args: ['-p', 'tsconfig.node.json'] },
  { name: 'types of the app', tool: 'svelte-check', args: ['--fail-on-warnings', '--output', 'human'] },
  { name: 'the examples of the integration guide build', tool: 'node', args: ['scripts/build-examples.ts'] },
  { name: 'unused code', tool: 'knip', args: ['--no-progress'] },
  { name: 'bindings match the interfaces', tool: 'node', args: ['scripts/bindings.ts', '--check'] },
  { name: 'the page of the interface is current', tool: 'node', args: ['scripts/api-docs.ts', '--check'] }
];
