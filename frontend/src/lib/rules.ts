/** The requirements of usernames and passwords that can be checked without the server. */

export interface Rule {
  text: string;
  met: boolean;
}

interface Owner {
  username: string;
  email: string;
}

const USERNAME_MIN = 6;
const USERNAME_MAX = 25;
const PASSWORD_MIN = 8;
const PASSWORD_MAX = 128;
// Too many good passwords contain a shorter name by chance.
const MIN_NAME_LENGTH = 4;

export function usernameRules(username: string): Rule[] {
  const { length } = username;
  return [
    {
      text: `${USERNAME_MIN} to ${USERNAME_MAX} characters`,
      met: length >= USERNAME_MIN && length <= USERNAME_MAX,
    },
    { text: 'Only letters A–Z, numbers and _', met: /^[A-Za-z0-9_]+$/.test(username) },
  ];
}

/** The last rule needs the owner. Without one it is left out, because it cannot be checked. */
export function passwordRules(password: string, owner?: Owner): Rule[] {
  // The server counts code points after NFKC; JavaScript's length counts UTF-16 units.
  const length = [...password.normalize('NFKC')].length;
  const typed = length > 0;
  const rules = [
    { text: lengthText(length), met: length >= PASSWORD_MIN && length <= PASSWORD_MAX },
    { text: 'Not only numbers', met: typed && !/^\p{Nd}+$/u.test(password) },
  ];
  if (!owner) return rules;
  return [
    ...rules,
    { text: 'Not your username or email', met: typed && !containsName(password, owner) },
  ];
}

function lengthText(length: number): string {
  return length > PASSWORD_MAX
    ? `At most ${PASSWORD_MAX} characters`
    : `At least ${PASSWORD_MIN} characters`;
}

function containsName(password: string, { username, email }: Owner): boolean {
  const secret = password.toLowerCase();
  const names = [username, email, email.split('@')[0] ?? ''].map((name) => name.toLowerCase());
  return names.some((name) => name.length >= MIN_NAME_LENGTH && secret.includes(name));
}

/** Return the server's message for an invalid username, or undefined. */
export function checkUsername(username: string): string | undefined {
  if (usernameRules(username).every(({ met }) => met)) return undefined;
  return 'Usernames must be between 6 and 25 characters long and can only contain letters, numbers, and underscores.';
}

/** Return a message for a password of the wrong length, or undefined. The server checks the rest. */
export function checkNewPassword(password: string): string | undefined {
  const length = [...password.normalize('NFKC')].length;
  if (length === 0) return 'Enter a password.';
  if (length < PASSWORD_MIN)
    return 'This password is too short. It must contain at least 8 characters.';
  if (length > PASSWORD_MAX)
    return `This password is too long. It may have at most ${PASSWORD_MAX} characters.`;
  return undefined;
}

export function required(value: string, message: string): string | undefined {
  return value === '' ? message : undefined;
}
