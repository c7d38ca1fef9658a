import { join } from 'node:path';
import js from '@eslint/js';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

// Which folder may know which: arrows point one way (docs/architecture.md). A wrong arrow fails `npm run check`.
const lib = (...folders) => folders.map((folder) => `./src/lib/${folder}`);
const zones = [
  { target: lib('money'), from: './src', except: ['./lib/money'], message: 'money imports nothing from the project' },
  {
    target: lib('options'),
    from: './src',
    except: ['./lib/options', './lib/money'],
    message: 'options imports nothing from the project but money'
  },
  {
    target: lib('log'),
    from: './src',
    except: ['./lib/log', './lib/errors'],
    message: 'log stands at the bottom, beside errors'
  },
  {
    target: lib('errors', 'config'),
    from: './src',
    except: ['./lib/errors', './lib/config'],
    message: 'errors and config stand at the bottom'
  },
  {
    target: lib('ic'),
    from: './src',
    except: ['./lib/ic', './lib/canisters', './lib/options', './lib/money', './lib/errors', './lib/config', './lib/log'],
    message: 'ic is the border to the canisters: it knows the domain, not its users'
  },
  {
    target: lib('services', 'settlement', 'export'),
    from: ['./src/routes', './src/lib/components', './src/lib/canisters'],
    message: 'services, settlement and export know no page, and reach canisters only through lib/ic'
  },
  {
    target: ['./src/routes', './src/lib/components'],
    from: ['./src/lib/ic', './src/lib/canisters'],
    message: 'pages and components reach canisters through services'
  },
  { target: './src/lib/components', from: './src/routes', message: 'a component knows no page' },
  {
    target: './examples',
    from: ['./src/routes', './src/lib/components', './src/lib/canisters', './canisters', './local-ic', './scripts', './tests'],
    message: 'an example uses what another app can take: the library, no page'
  },
  {
    target: './src',
    from: ['./canisters', './local-ic', './scripts', './tests', './examples'],
    message: 'src meets canisters only in the .did files'
  },
  { target: './local-ic', from: ['./src', './canisters', './scripts', './tests'], message: 'local-ic is a package of its own' }
];

export default ts.config(
  {
    ignores: [
      'build/',
      '.svelte-kit/',
      '.cache/',
      '.local-ic/',
      'node_modules/',
      'src/lib/canisters/',
      'test-results/',
      'playwright-report/'
    ]
  },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.js', '.svelte'],
          alias: { $lib: [join(import.meta.dirname, 'src/lib')], $components: [join(import.meta.dirname, 'src/lib/components')] }
        })
      ]
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'no-undef': 'off', // TypeScript knows better
      eqeqeq: 'error',
      // The app lives at the root of its own domain: an asset canister has no base path.
      'svelte/no-navigation-without-resolve': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }]
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { extraFileExtensions: ['.svelte'], parser: ts.parser, svelteConfig } }
  },
  {
    // Only lib/ic may import the agent, so that moving to another agent touches one folder.
    files: ['src/**/*.{ts,svelte}'],
    ignores: ['src/lib/ic/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@dfinity/*', '@icp-sdk/*'], message: 'only src/lib/ic imports the agent' }] }
      ]
    }
  },
  {
    // What people start in a shell talks to them through the console.
    files: ['scripts/**', 'local-ic/bin/**', 'tests/bench/**'],
    rules: { 'no-console': 'off' }
  },
  {
    // The log's one way to the console, for developers who ask for it.
    files: ['src/lib/log/printWhenAsked.ts'],
    rules: { 'no-console': 'off' }
  }
);
