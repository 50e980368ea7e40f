/** Whether a password is too easy for whoever knows the login; the contract holds its length. */
export function containsLogin(password: string, login: string): boolean {
  return login.length >= 4 && password.toLowerCase().includes(login.toLowerCase());
}
