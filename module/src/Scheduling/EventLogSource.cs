using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using HaloDBIntegrator.Bridge;

namespace HaloDBIntegrator.Scheduling;

/// <summary>
/// The source under which the engine writes the last words of a task to Windows' Event Log. eventcreate, by which it does so, makes
/// the source at its first entry, which takes an administrator; other accounts can write once it is there.
/// </summary>
internal static class EventLogSource
{
    private const string Name = "Halo DB Integrator";
    private const int Milliseconds = 30_000;

    /// <summary>Writes an entry and says why it could not, null when it could; a test may put another in its place.</summary>
    public static Func<string, string?> Write { get; set; } = OnWindows;

    private static string? OnWindows(string text)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) return null;
        var arguments = new[] { "/T", "INFORMATION", "/ID", "1", "/L", "APPLICATION", "/SO", Name, "/D", text };
        var program = Path.Combine(Environment.SystemDirectory, "eventcreate.exe");
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, CommandLine.Join(arguments)) { UseShellExecute = false, CreateNoWindow = true })!;
            if (!process.WaitForExit(Milliseconds)) return "eventcreate does not end";
            return process.ExitCode == 0 ? null : $"eventcreate ended with {process.ExitCode}";
        }
        catch (Exception problem) when (problem is Win32Exception or InvalidOperationException or IOException)
        {
            return problem.Message;
        }
    }
}
