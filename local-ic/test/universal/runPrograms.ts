import { parseArgs } from 'node:util';
import { createEngine } from '../../src/engine/createEngine.ts';
import { START_NS } from '../support/network.ts';
import { CommandRunner } from './CommandRunner.ts';

/**
 * Runs random programs in a process of its own, for a test to kill:
 *
 *     node runPrograms.ts --seed S --steps N [--state DIR] [--from I]
 *
 * Prints a line for every command that is done, and at the end the hash of the network's state. With `--from` it goes on with that command.
 */
const { values } = parseArgs({
  options: { seed: { type: 'string' }, steps: { type: 'string' }, state: { type: 'string' }, from: { type: 'string', default: '0' } }
});
const { seed, state } = values;
const [steps, from] = [Number(values.steps), Number(values.from)];
if (seed === undefined || !Number.isInteger(steps) || !Number.isInteger(from)) {
  throw new Error('usage: runPrograms.ts --seed S --steps N [--state DIR] [--from I]');
}

const engine = await createEngine({ clock: { startNs: START_NS }, randomSeed: new Uint8Array(32), stateDir: state });
const runner = new CommandRunner(engine, seed);
runner.skipTo(from);
for (let index = from; index < steps; index++) process.stdout.write(`${await runner.next()}\n`);
process.stdout.write(`end ${engine.stateHash()}\n`);
await engine.close();
