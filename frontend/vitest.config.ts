import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    exclude: ['src/**/live.test.ts', 'node_modules/**'],
    restoreMocks: true,
    unstubGlobals: true,
    passWithNoTests: true,
  },
});
