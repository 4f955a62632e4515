import { defineConfig } from 'vitest/config';

/** The tests against a running server: `API_URL=http://localhost:8000 npm run test:live`. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/**/live.test.ts'],
    testTimeout: 60_000,
  },
});
