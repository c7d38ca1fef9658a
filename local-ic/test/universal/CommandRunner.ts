import { createHash } from 'node:crypto';
import type { EmbeddedEngine } from '../../src/engine/EmbeddedEngine.ts';
import type { CallResult } from '../../src/engine/types.ts';
import { randomCommands, type Command } from './randomCommands.ts';

/**
 * Does the commands of a seed to an engine, one after the other. Each is told by its number, and its calls have ids: one that an earlier
 * process took in and did not live to acknowledge is waited for, and not made again.
 */
export class CommandRunner {
  readonly #engine: EmbeddedEngine;
  readonly #seed: string;
  readonly #commands: Generator<Command, never>;
  readonly #recovered: Map<string, Promise<CallResult>>;
  #index = 0;

  constructor(engine: EmbeddedEngine, seed: string) {
    this.#engine = engine;
    this.#seed = seed;
    this.#commands = randomCommands(seed);
    this.#recovered = engine.takeRecovered();
  }

  /** Passes by the commands before this one, which were done. */
  skipTo(index: number): void {
    for (; this.#index < index; this.#index++) this.#commands.next();
  }

  /** Does the next command. @returns its number and what came of it, in one line */
  async next(): Promise<string> {
    const index = this.#index++;
    return `${index} ${await this.#run(this.#commands.next().value, index)}`;
  }

  async #run(command: Command, index: number): Promise<string> {
    const engine = this.#engine;
    switch (command.kind) {
      case 'calls': {
        const answers = command.calls.map((call, position) => {
          const id = `${this.#seed} ${index} ${position}`;
          return this.#recovered.get(id) ?? engine.submit(call, id);
        });
        const results = await Promise.all(answers);
        // What goes on behind the answers belongs to this command, too.
        await engine.idle();
        return results.map(inShort).join(', ');
      }
      case 'query':
        return inShort(await engine.query(command.call));
      case 'time': {
        const ahead = command.timeNs - engine.now();
        if (ahead > 0n) await engine.advance(ahead);
        return `time ${command.timeNs}`;
      }
      case 'checkpoint':
        await engine.save();
        return 'checkpoint';
    }
  }
}

function inShort(result: CallResult): string {
  if (result.kind === 'reject') return `${result.errorCode} ${JSON.stringify(result.message)}`;
  const digest = createHash('sha256').update(result.reply).digest('hex').slice(0, 16);
  return `reply of ${result.reply.length} bytes, ${digest}`;
}
