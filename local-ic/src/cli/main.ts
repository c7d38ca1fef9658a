import { parseArgs } from 'node:util';
import { stopSignal } from '../thread/largeStack.ts';

const USAGE = `Usage: local-ic start [--state DIR] [--port N] [--provider-port N] [--controls-port N]
                      [--host ADDRESS]

Starts an Internet Computer on this machine and keeps it running until Ctrl-C.

  --state DIR         keep everything in DIR and go on from there (default: in memory only)
  --port N            port of the network's interface (default 4943; 0: any free port)
  --provider-port N   port of the local identity provider (default 4944; 0: any free port)
  --controls-port N   also serve a page with switches for faults on this port (0: any free port)
  --host ADDRESS      where the network's interface listens (default 127.0.0.1). With an address that other machines reach they
                      can use the network; the identity provider and the switches stay on this machine
`;

class UsageError extends Error {}

async function main(args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args);
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  if (positionals.length !== 1 || positionals[0] !== 'start') throw new UsageError(`There is one command: start`);
  const port = readPort(values.port, '--port');
  const providerPort = readPort(values['provider-port'], '--provider-port');
  const controlsPort = readPort(values['controls-port'], '--controls-port');
  // Loaded only now: a wrong option is answered at once.
  const { createLocalIc } = await import('../localIc.ts');
  const ic = await createLocalIc({
    log: (line) => process.stdout.write(`${line}\n`),
    ...(values.state !== undefined && { stateDir: values.state })
  });
  const { url, providerUrl, controlsUrl } = await ic.listen({
    ...(port !== undefined && { port }),
    ...(values.host !== undefined && { host: values.host, otherMachines: true }),
    provider: providerPort === undefined ? {} : { port: providerPort },
    ...(controlsPort !== undefined && { controls: { port: controlsPort } })
  });
  // Before the address is printed: whoever reads it may stop the network at once.
  const stopped = stopSignal();
  process.stdout.write(
    [
      `The network's interface   ${url}`,
      `The identity provider     ${String(providerUrl)}`,
      ...(controlsUrl === undefined ? [] : [`Switches for faults       ${controlsUrl}`]),
      `State                     ${values.state ?? 'in memory only, gone when this stops'}`,
      `Root key                  ${Buffer.from(ic.rootKey).toString('hex')}`,
      'Stop with Ctrl-C.',
      ''
    ].join('\n')
  );
  const signal = await stopped;
  process.stdout.write(`${signal}: ${values.state === undefined ? 'stopping' : 'saving and stopping'}\n`);
  await ic.close();
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        state: { type: 'string' },
        port: { type: 'string' },
        'provider-port': { type: 'string' },
        'controls-port': { type: 'string' },
        host: { type: 'string' },
        help: { type: 'boolean', short: 'h' }
      }
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readPort(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new UsageError(`${option} takes a port number from 0 to 65535, not "${text}"`);
  return port;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof UsageError ? `${message}\n\n${USAGE}` : `local-ic: ${message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
