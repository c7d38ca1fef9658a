import { spawn } from 'node:child_process';
import { once } from 'node:events';

const COMMAND = new URL('../../bin/local-ic.ts', import.meta.url).pathname;

/** Runs a program on this Node. */
export function runNode(program: string, args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { text: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
  // All output is there, too.
  const exit = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  /** Resolves when the program has printed this. */
  const printed = async (text: string): Promise<void> => {
    const ended = exit.then(() => Promise.reject(new Error(`it ended: ${output.text}`)));
    const seen = new Promise<void>((resolve) => {
      const look = (): unknown => output.text.includes(text) && resolve();
      look();
      child.stdout.on('data', look);
    });
    await Promise.race([seen, ended]);
    ended.catch(() => undefined);
  };
  return { child, output, exit, printed };
}

export function runCli(args: string[]) {
  return runNode(COMMAND, args);
}

/** `local-ic start` on free ports. */
export async function startCli(args: string[] = []) {
  const { child, output, exit, printed } = runCli(['start', '--port', '0', '--provider-port', '0', '--controls-port', '0', ...args]);
  await printed('Ctrl-C');
  const find = (pattern: RegExp) => pattern.exec(output.text)?.[1] ?? '';
  return {
    child,
    output,
    url: find(/interface\s+(\S+)/),
    providerUrl: find(/provider\s+(\S+)/),
    controlsUrl: find(/faults\s+(\S+)/),
    rootKey: find(/Root key\s+(\S+)/),
    async stop(signal: NodeJS.Signals = 'SIGINT') {
      child.kill(signal);
      return exit;
    }
  };
}
