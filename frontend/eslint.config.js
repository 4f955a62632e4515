import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const SOURCES = ['src/**/*.{ts,tsx}'];

// Imports go one way: app > features > components, lib > config. A feature imports no other
// feature, and the client imports nothing of the app, so that it can be copied out.
const LAYERS = {
  'boundaries/elements': [
    { type: 'app', pattern: 'src/app' },
    { type: 'feature', pattern: 'src/features/*', capture: ['name'] },
    ...['components', 'lib', 'config', 'client', 'styles', 'assets'].map((type) => ({
      type,
      pattern: `src/${type}`,
    })),
  ],
  'import/resolver': { node: { extensions: ['.ts', '.tsx', '.d.ts', '.js'] } },
};
const MAY_IMPORT = {
  app: ['app', 'feature', 'components', 'lib', 'config', 'client', 'styles', 'assets'],
  feature: ['components', 'lib', 'config', 'client', 'styles', 'assets'],
  components: ['components', 'lib', 'config', 'client', 'styles', 'assets'],
  lib: ['lib', 'config', 'client'],
  config: ['config'],
  client: ['client'],
};
const POLICIES = [
  ...Object.entries(MAY_IMPORT).map(([type, types]) => ({
    from: { element: { type } },
    allow: { to: { element: { types: { anyOf: types } } } },
  })),
  {
    from: { element: { type: 'feature' } },
    allow: {
      to: { element: { type: 'feature', captured: { name: '{{ from.element.captured.name }}' } } },
    },
  },
];

export default defineConfig(
  globalIgnores(['dist', 'src/client/schema.ts']),
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    files: ['**/*.{js,mjs,ts}'],
    ignores: ['src/**'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  {
    files: SOURCES,
    ...reactHooks.configs.flat.recommended,
    languageOptions: { globals: globals.browser },
  },
  {
    files: SOURCES,
    // The entry point belongs to no layer.
    ignores: ['src/main.tsx'],
    plugins: { boundaries },
    settings: LAYERS,
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          message:
            '{{ from.element.type }} may not import {{ to.element.type }}: imports go one way.',
          policies: POLICIES,
        },
      ],
      'boundaries/no-unknown-files': 'error',
      'boundaries/no-unknown-dependencies': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
);
