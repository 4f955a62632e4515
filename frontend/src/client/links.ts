import { bodyOf } from './api';
import type { AuthClient } from './contract';
import type { Core } from './core';

type LinkMethods = Pick<
  AuthClient,
  'requestReset' | 'confirmReset' | 'verifyEmail' | 'resendVerification' | 'undoEmailChange'
>;

/** Make the methods that request mails with a link, or use such a link. None needs a sign-in. */
export function makeLinks({ api, publicApi, session }: Core): LinkMethods {
  return {
    requestReset: async (body) => {
      await bodyOf(publicApi.POST('/auth/password/reset', { body }));
    },
    confirmReset: async (body) => {
      await bodyOf(publicApi.POST('/auth/password/reset/confirm', { body }));
    },
    verifyEmail: (body) => bodyOf(publicApi.POST('/auth/email/verify', { body })),
    undoEmailChange: (body) => bodyOf(publicApi.POST('/auth/email/undo', { body })),
    resendVerification: async (body = {}) => {
      const sender = session.state.status === 'signedIn' ? api : publicApi;
      await bodyOf(sender.POST('/auth/email/resend', { body }));
    },
  };
}
