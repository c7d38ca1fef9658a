import { createServer } from 'vite';

/** Vite's hot reload over a running network: canister calls go through to it, the configuration is what the deploy made. */
export async function serveDev(options: { port: number; apiPort: number; config: string }): Promise<{ close(): Promise<void> }> {
  const server = await createServer({
    server: { port: options.port, strictPort: true, host: 'localhost', proxy: { '/api': `http://localhost:${options.apiPort}` } },
    plugins: [
      {
        name: 'satstrike-config',
        configureServer: ({ middlewares }) => {
          middlewares.use('/config.json', (_request, response) => {
            response.setHeader('content-type', 'application/json');
            response.end(options.config);
          });
        }
      }
    ]
  });
  await server.listen();
  return { close: () => server.close() };
}
