import { version } from '$app/environment';
import type { AppConfig } from '$lib/config/config';
import { AppError } from '$lib/errors/AppError';
import { asAppError } from '$lib/errors/asAppError';
import { createLog } from '$lib/log/createLog';
import type { Log } from '$lib/log/log';
import { printWhenAsked } from '$lib/log/printWhenAsked';
import type { EnhancedServices } from '$lib/services/types';
import { getContext, setContext } from 'svelte';

/** What this page gives the service hub. */
interface HubOptions {
  config: AppConfig;
  log: Log;
  readConfig: () => Promise<AppConfig>;
  version: string;
}

export interface Loaders {
  loadConfig(): Promise<AppConfig>;
  /** A dynamic import: the agent and everything below it is a chunk of its own, fetched after the first paint. */
  loadServices(): Promise<{ createEnhancedServices(options: HubOptions): EnhancedServices }>;
}

/** What the root layout holds while the exchange starts: nothing, then the service hub, or the reason why not. */
export class App {
  /** Under which the root layout hands it to every component. */
  static readonly context = Symbol('app');

  services = $state.raw<EnhancedServices | undefined>();
  /** Why the start failed, in words for people. */
  failure = $state<string | undefined>();
  loginFailure = $state<string | undefined>();
  loggingIn = $state(false);
  /** Whether the dialog is open from which a problem report is copied. */
  reporting = $state(false);

  /** From the first moment on, so that a failed start is in it too. */
  readonly log = createLog({ onEvent: printWhenAsked() });

  readonly #loaders: Loaders;
  #stopped = false;

  constructor(loaders: Loaders) {
    this.#loaders = loaders;
  }

  /** Starts, or starts again after a failure. */
  async start(): Promise<void> {
    this.failure = undefined;
    try {
      // Both at once: neither needs the other until the hub is made.
      const [config, module] = await Promise.all([this.#loaders.loadConfig(), this.#loaders.loadServices().catch(codeMissing)]);
      if (this.#stopped) return;
      this.services = module.createEnhancedServices({ config, log: this.log, readConfig: () => this.#loaders.loadConfig(), version });
    } catch (thrown) {
      const { code, kind, message } = asAppError(thrown);
      this.log.write('error', 'start.failed', { outcome: code, kind });
      if (!this.#stopped) this.failure = message;
    }
  }

  /** Call it first thing in a click handler: Safari blocks a window that opens after an await. */
  login = (): void => {
    if (!this.services || this.loggingIn) return;
    const opening = this.services.login();
    this.loginFailure = undefined;
    this.loggingIn = true;
    opening.catch((error: unknown) => this.#loginFailed(error)).finally(() => (this.loggingIn = false));
  };

  logout = (): void => {
    this.loginFailure = undefined;
    this.services?.logout().catch((error: unknown) => this.#loginFailed(error));
  };

  #loginFailed(error: unknown): void {
    const { code, kind, message } = asAppError(error);
    this.log.write('warn', 'login.failed', { outcome: code, kind });
    this.loginFailure = message;
  }

  stop(): void {
    this.#stopped = true;
    this.services?.cleanup();
    this.services = undefined;
  }
}

function codeMissing(cause: unknown): never {
  const message = 'A part of this page could not be fetched. Check your connection; after an update of the site, reload the page.';
  throw new AppError({ kind: 'temporary', code: 'code_missing', message, cause });
}

export function provideApp(app: App): App {
  return setContext(App.context, app);
}

export function useApp(): App {
  return getContext<App>(App.context);
}

/** The service hub. Pages and what they show are only mounted once it exists. */
export function useServices(): EnhancedServices {
  const { services } = useApp();
  if (!services) throw new Error('A page was mounted before the services were ready.');
  return services;
}
