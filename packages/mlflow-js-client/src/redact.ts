const shortest = 4;

/**
 * A function that takes secrets out of a text that others wrote, such as a server's error page: each of the secrets as it
 * stands, in base64 as basic authentication sends it, and encoded for an address; and whatever stands before the "@" of
 * an address. Secrets of fewer than 4 characters cannot be told from ordinary text and stay.
 */
export function redactor(credentials: {
  username?: string;
  password?: string;
  token?: string;
}): (text: string) => string {
  const { username, password, token } = credentials;
  const secrets = [password, token].filter((secret): secret is string => secret !== undefined);
  const forms = new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret), base64(secret)]));
  if (username !== undefined) forms.add(base64(`${username}:${password ?? ""}`));
  // The longest first: one may be a part of another.
  const listed = [...forms].filter((form) => form.length >= shortest).sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const form of listed) clean = clean.replaceAll(form, "***");
    return withoutUserInfo(clean);
  };
}

/** A text in which addresses have lost what stands before their last "@". */
export function withoutUserInfo(text: string): string {
  return text.replace(/\/\/[^\s/]*@/g, "//");
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
