import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runNode } from '../../test/support/cli.ts';

const onLargeStack = new URL('../../test/fixtures/runStoppable.ts', import.meta.url).pathname;
const onMainThread = new URL('../../test/fixtures/stoppable.ts', import.meta.url).pathname;

describe.each([
  ['runOnLargeStack', onLargeStack, 500_000],
  ['the main thread', onMainThread, 5_000]
])('a program on %s', (_name, program, depth) => {
  it('gets its arguments, prints all it has to say, and leaves with its code', async () => {
    const { output, exit } = runNode(program, ['print', 'one', '--two']);
    expect(await exit).toBe(3);
    expect(output.text.length).toBe(50_000 + 'one,--two'.length);
    expect(output.text.endsWith('xone,--two')).toBe(true);
  });

  it('takes the process with it when it crashes', async () => {
    const { output, exit } = runNode(program, ['crash']);
    expect(await exit).toBe(1);
    expect(output.text).toMatch(/Error: crashed on purpose\n\s+at .*stoppable\.ts:\d+/);
  });

  it('is told of a signal, and of its second copy only once', async () => {
    const { child, output, exit, printed } = runNode(program, ['stop', '100']);
    await printed('ready');
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(output.text).toMatch(/got SIGTERM\nstopped\n$/);
    expect(Number(/ready (\d+)/.exec(output.text)?.[1])).toBeGreaterThan(depth);
  });

  it('is ended by a signal that it does not wait for', async () => {
    const { child, exit, printed } = runNode(program, ['run']);
    await printed('ready');
    child.kill('SIGINT');
    expect(await exit).toBe('SIGINT');
  });
});

it('ends at once when it is asked again', async () => {
  const { child, exit, printed } = runNode(onLargeStack, ['stop', '60000']);
  await printed('ready');
  child.kill('SIGINT');
  await sleep(1_500);
  child.kill('SIGINT');
  expect(await exit).toBe('SIGINT');
});
