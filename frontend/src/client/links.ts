import { bodyOf } from './api';
import type { AuthClient } from './contract';
import type { Core } from './core';

type LinkMethods = Pick<
  AuthClient,
  'requestReset' | 'confirmReset' | 'verifyEmail' | 'resendVerification' | 'undoEmailChange'
>;

/** Mails with a link, and what their links do. Nobody has to be signed in for it. */
export function makeLinks({ open, own, session }: Core): LinkMethods {
  return {
    requestReset: async (body) => {
      await bodyOf(open.POST('/auth/password/reset', { body }));
    },
    confirmReset: async (body) => {
      await bodyOf(open.POST('/auth/password/reset/confirm', { body }));
    },
    verifyEmail: (body) => bodyOf(open.POST('/auth/email/verify', { body })),
    undoEmailChange: (body) => bodyOf(open.POST('/auth/email/undo', { body })),
    resendVerification: async (body = {}) => {
      const api = session.state.status === 'signedIn' ? own : open;
      await bodyOf(api.POST('/auth/email/resend', { body }));
    },
  };
}
