import { parseArgs } from 'node:util';
import { createEngine } from '../../src/engine/createEngine.ts';
import { START_NS } from '../support/network.ts';
import { CommandRunner } from './CommandRunner.ts';

/**
 * Runs random programs in a process of its own, for a test to kill:
 *
 *     node runPrograms.ts --seed S --steps N [--state DIR] [--from I] [--charged]
 *
 * Prints a line for every command that is done, and at the end the hash of the network's state. With `--from` it goes on with that command;
 * with `--charged` the canisters pay for everything.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    steps: { type: 'string' },
    state: { type: 'string' },
    from: { type: 'string', default: '0' },
    charged: { type: 'boolean', default: false }
  }
});
const { seed, state } = values;
const [steps, from] = [Number(values.steps), Number(values.from)];
if (seed === undefined || !Number.isInteger(steps) || !Number.isInteger(from)) {
  throw new Error('usage: runPrograms.ts --seed S --steps N [--state DIR] [--from I] [--charged]');
}

const cycles = values.charged ? 'charged' : 'free';
const engine = await createEngine({ clock: { startNs: START_NS }, randomSeed: new Uint8Array(32), stateDir: state, cycles });
const runner = new CommandRunner(engine, seed);
runner.skipTo(from);
for (let index = from; index < steps; index++) process.stdout.write(`${await runner.next()}\n`);
process.stdout.write(`end ${engine.stateHash()}\n`);
await engine.close();
