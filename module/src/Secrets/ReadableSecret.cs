namespace HaloDBIntegrator.Secrets;

/// <summary>What is said of a secret that was saved in the clear.</summary>
internal static class ReadableSecret
{
    /// <summary>A warning where Windows could have protected it; null elsewhere, where -Protect is of no use.</summary>
    /// <param name="secrets">The secrets saved, by their names.</param>
    /// <param name="path">The settings file.</param>
    public static string? Warning(string secrets, string path) => DataProtection.Available
        ? $"What was given for {secrets} stands readable in {path}. Give it again with -Protect: then it can be read on this machine only."
        : null;
}
