/** Whether the settings name the embedded database, which needs no sign-in. */
export function isEmbedded(database: { readonly Server: string }): boolean {
  return database.Server.trim().toLowerCase() === '(embedded)';
}
