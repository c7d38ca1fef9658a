import { AppError } from '$lib/errors/AppError';
import { describe, expect, it, vi } from 'vitest';
import { App } from './app.svelte';
import { config, testServices } from './testing/exchange';

describe('starting', () => {
  it('makes the services from the configuration', async () => {
    const services = testServices();
    const createEnhancedServices = vi.fn(() => services);
    const app = new App({ loadConfig: () => Promise.resolve(config), loadServices: () => Promise.resolve({ createEnhancedServices }) });
    await app.start();
    expect(createEnhancedServices).toHaveBeenCalledExactlyOnceWith({
      config,
      log: app.log,
      readConfig: expect.any(Function),
      version: expect.any(String)
    });
    expect(app.services).toBe(services);
    expect(app.failure).toBeUndefined();
  });

  it('says why it failed and can be started again', async () => {
    const loadConfig = vi
      .fn()
      .mockRejectedValueOnce(new AppError({ kind: 'temporary', code: 'unreachable', message: 'The site could not be reached.' }))
      .mockResolvedValue(config);
    const app = new App({ loadConfig, loadServices: () => Promise.resolve({ createEnhancedServices: () => testServices() }) });
    await app.start();
    expect(app.failure).toBe('The site could not be reached.');
    await app.start();
    expect(app.failure).toBeUndefined();
    expect(app.services).toBeDefined();
  });

  it('names a part of the page that could not be fetched', async () => {
    const app = new App({ loadConfig: () => Promise.resolve(config), loadServices: () => Promise.reject(new TypeError('import failed')) });
    await app.start();
    expect(app.failure).toMatch(/could not be fetched/);
  });

  it('starts nothing once it was stopped', async () => {
    const createEnhancedServices = vi.fn(() => testServices());
    const app = new App({ loadConfig: () => Promise.resolve(config), loadServices: () => Promise.resolve({ createEnhancedServices }) });
    const starting = app.start();
    app.stop();
    await starting;
    expect(createEnhancedServices).not.toHaveBeenCalled();
  });

  it('leaves nothing running', async () => {
    const services = testServices();
    const app = new App({
      loadConfig: () => Promise.resolve(config),
      loadServices: () => Promise.resolve({ createEnhancedServices: () => services })
    });
    await app.start();
    app.stop();
    expect(services.cleanup).toHaveBeenCalledOnce();
  });
});

describe('logging in', () => {
  async function started() {
    const services = testServices();
    const app = new App({
      loadConfig: () => Promise.resolve(config),
      loadServices: () => Promise.resolve({ createEnhancedServices: () => services })
    });
    await app.start();
    return { app, services };
  }

  it('opens the window within the click, before anything is awaited', async () => {
    const { app, services } = await started();
    app.login();
    expect(services.login).toHaveBeenCalledOnce();
    app.login();
    expect(services.login, 'one window is enough').toHaveBeenCalledOnce();
  });

  it('says why it failed, until the next try', async () => {
    const { app, services } = await started();
    services.login.mockRejectedValueOnce(new AppError({ kind: 'request', code: 'login_cancelled', message: 'The window was closed.' }));
    app.login();
    await vi.waitFor(() => expect(app.loginFailure).toBe('The window was closed.'));
    expect(app.loggingIn).toBe(false);
    app.login();
    expect(app.loginFailure).toBeUndefined();
  });
});
