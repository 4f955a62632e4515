import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';

import { App } from './app/App';
import { cleanUpOnSignOut } from './app/cleanup';
import { preloadPages } from './app/pages';
import { basePath } from './config/env';
import { queryClient } from './lib/queries';
import './styles/index.css';

cleanUpOnSignOut();
preloadPages(location.pathname.slice(basePath.length));

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <BrowserRouter basename={basePath}>
        <App />
      </BrowserRouter>
    </QueryClientProvider>
  </StrictMode>,
);
