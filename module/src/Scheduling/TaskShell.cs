using System;
using System.Diagnostics;
using System.Linq;

namespace HaloDBIntegrator.Scheduling;

/// <summary>Which PowerShell a task is to run.</summary>
internal static class TaskShell
{
    /// <summary>The program of the PowerShell that runs now; a test may put another in its place.</summary>
    public static Func<string?> Current { get; set; } = OfThisProcess;

    /// <summary>The PowerShell that runs now where a task can start it; null for the one that Windows has.</summary>
    public static string? Usable() => Current() is { } program && IsPowerShell(program) && !IsFromStore(program) ? program : null;

    /// <summary>Whether it is an app of the Store (MSIX): only who installed it may start it, no service account.</summary>
    public static bool IsFromStore(string? program) => program != null && program.IndexOf(@"\WindowsApps\", StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>Whether it is a PowerShell, and not a program that hosts one.</summary>
    public static bool IsPowerShell(string program)
    {
        var file = program.Split('\\', '/').Last();
        var name = file.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? file.Substring(0, file.Length - 4) : file;
        return new[] { "pwsh", "powershell" }.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    private static string? OfThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        return process.MainModule?.FileName;
    }
}
