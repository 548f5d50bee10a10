/** Whether the settings name the embedded database, which needs no sign-in; anything may stand in a file that was not checked yet. */
export function isEmbedded({ Server }: { readonly Server?: unknown }): boolean {
  return typeof Server === 'string' && Server.trim().toLowerCase() === '(embedded)';
}
