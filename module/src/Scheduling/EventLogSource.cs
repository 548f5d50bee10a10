using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using HaloDBIntegrator.Windows;

namespace HaloDBIntegrator.Scheduling;

/// <summary>
/// The source under which each scheduled run leaves an entry in Windows' Event Log. To make it takes an administrator; other accounts
/// can write without one, but Windows then shows their entries behind a remark that it does not know the source.
/// </summary>
internal static class EventLogSource
{
    /// <summary>The id of an entry about tasks (docs/runs-and-logs.md).</summary>
    private const int Registered = 1;

    /// <summary>Makes the source, writes an entry and says why it could not, null when it could; a test may put another in its place.</summary>
    public static Func<string, string?> Write { get; set; } = OnWindows;

    private static string? OnWindows(string text)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) return null;
        try
        {
            EventLog.EnsureSource();
            EventLog.Write(Registered, "information", text);
            return null;
        }
        catch (Win32Exception problem)
        {
            return problem.Message;
        }
    }
}
