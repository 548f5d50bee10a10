/** Whether the settings name the embedded database, which needs no sign-in. */
export function isEmbedded(database: { readonly Server: string }): boolean {
  return isEmbeddedName(database.Server);
}

/** Whether it is the embedded database's name; anything may stand in a file that was not checked yet. */
export function isEmbeddedName(server: unknown): boolean {
  return typeof server === 'string' && server.trim().toLowerCase() === '(embedded)';
}
