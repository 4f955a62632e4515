/** What a new username or password has to be, as far as it can be told without the server. */

export interface Rule {
  text: string;
  met: boolean;
}

const USERNAME_MIN = 6;
const USERNAME_MAX = 25;
const PASSWORD_MIN = 8;
const PASSWORD_MAX = 128;
// Shorter names would be found inside too many good passwords.
const TELLING_LENGTH = 4;

export function usernameRules(username: string): Rule[] {
  const { length } = username;
  return [
    {
      text: `${USERNAME_MIN} to ${USERNAME_MAX} characters`,
      met: length >= USERNAME_MIN && length <= USERNAME_MAX,
    },
    { text: 'Only letters A–Z, digits and _', met: /^[A-Za-z0-9_]+$/.test(username) },
  ];
}

export function passwordRules(password: string, username: string, email: string): Rule[] {
  // The server counts characters, not the halves of them that JavaScript counts, after NFKC.
  const length = [...password.normalize('NFKC')].length;
  const typed = length > 0;
  return [
    { text: lengthText(length), met: length >= PASSWORD_MIN && length <= PASSWORD_MAX },
    { text: 'Not only digits', met: typed && !/^\p{Nd}+$/u.test(password) },
    { text: 'Not your username or address', met: typed && !resembles(password, username, email) },
  ];
}

function lengthText(length: number): string {
  return length > PASSWORD_MAX
    ? `At most ${PASSWORD_MAX} characters`
    : `At least ${PASSWORD_MIN} characters`;
}

function resembles(password: string, username: string, email: string): boolean {
  const secret = password.toLowerCase();
  const names = [username, email, email.split('@')[0] ?? ''].map((name) => name.toLowerCase());
  return names.some((name) => name.length >= TELLING_LENGTH && secret.includes(name));
}

/** Say what a username lacks, in the server's words; undefined where nothing is missing. */
export function checkUsername(username: string): string | undefined {
  if (usernameRules(username).every(({ met }) => met)) return undefined;
  return 'Usernames must be between 6 and 25 characters long and can only contain letters, numbers, and underscores.';
}

/** Say that a password is too short or too long, or undefined; the rest is for the server to judge. */
export function checkNewPassword(password: string): string | undefined {
  const length = [...password.normalize('NFKC')].length;
  if (length === 0) return 'Please choose a password.';
  if (length < PASSWORD_MIN)
    return 'This password is too short. It must contain at least 8 characters.';
  if (length > PASSWORD_MAX)
    return `This password is too long. It may have at most ${PASSWORD_MAX} characters.`;
  return undefined;
}

export function required(value: string, message: string): string | undefined {
  return value === '' ? message : undefined;
}
