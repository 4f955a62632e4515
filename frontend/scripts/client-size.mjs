// Print the size of the client alone, without the app.
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const { output } = await build({
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: {
    write: false,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: { input: 'src/client/index.ts', preserveEntrySignatures: 'strict' },
  },
});
const [{ code }] = output;
console.log(`${code.length} bytes, ${gzipSync(code, { level: 9 }).length} gzipped`);
