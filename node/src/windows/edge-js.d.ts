/** What of edge-js is used; its own types come with it, and npm brings it on Windows alone. */
declare module 'edge-js' {
  interface Method {
    readonly assemblyFile: string;
    readonly typeName: string;
    readonly methodName: string;
  }
  type Call = (
    words: readonly string[],
    done: (error: Error | null, rows: readonly (readonly string[])[]) => void,
  ) => void;
  const edge: { func(method: Method): Call };
  export default edge;
}
