import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // `localhost` and not 127.0.0.1: the refresh cookie belongs to a host name,
  // and the API is called by the same one.
  server: { host: 'localhost', port: 5173, strictPort: true },
  preview: { host: 'localhost', port: 4173, strictPort: true },
  build: {
    target: 'es2022',
    // Everything beside index.html has a hash in its name, so it may be kept for ever.
    assetsDir: 'assets',
    // A strict Content-Security-Policy allows no `data:` addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
