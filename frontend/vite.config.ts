import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // `localhost` and not 127.0.0.1, because the refresh cookie belongs to the host name that the
  // API is called by.
  server: { host: 'localhost', port: 5173, strictPort: true },
  preview: { host: 'localhost', port: 4173, strictPort: true },
  // Files find each other by relative addresses. index.html, which is served at every depth, has absolute
  // ones, which the server changes where it is below a path.
  experimental: {
    renderBuiltUrl: (_name, { hostType }) => (hostType === 'html' ? undefined : { relative: true }),
  },
  build: {
    target: 'es2022',
    // Every file in here has a hash in its name, so browsers may cache it for a year.
    assetsDir: 'assets',
    // A strict Content-Security-Policy allows no `data:` URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
