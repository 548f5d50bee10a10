namespace HaloDBIntegrator.WindowsHost;

/// <summary>What the program is depends on the name it was copied to.</summary>
internal static class Program
{
    [STAThread]
    private static int Main(string[] arguments) => Path.GetFileNameWithoutExtension(Environment.ProcessPath)?.ToLowerInvariant() switch
    {
        "pwsh" or "powershell" => Microsoft.PowerShell.UnmanagedPSEntry.Start(arguments, arguments.Length),
        "module-tests" => ModuleTests.Run(arguments),
        "task-scheduler" => TaskSchedulerStandIn.Run(),
        _ => throw new InvalidOperationException("Copy this program to pwsh.exe, module-tests.exe or task-scheduler.exe."),
    };
}
