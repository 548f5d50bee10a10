using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace HaloDBIntegrator.Windows;

/// <summary>
/// Windows' Event Log, Application, under a source of this product. What an entry says is in the entry: Windows shows it by the message
/// file of eventcreate.exe, which every Windows has and which knows the ids 1 to 1000.
/// </summary>
internal static class EventLog
{
    private const string Source = "Halo DB Integrator";
    private const string Key = @"SYSTEM\CurrentControlSet\Services\EventLog\Application\" + Source;
    private const string MessageFile = @"%SystemRoot%\System32\EventCreate.exe";
    private const uint ExpandText = 2;
    private const uint Number = 4;
    private const uint SetValue = 2;

    /// <summary>An entry holds no more characters than that.</summary>
    private const int Longest = 31_000;

    private static readonly UIntPtr LocalMachine = new(0x80000002);

    /// <summary>Makes the source, which takes an administrator; without one an entry shows its words behind a remark of Windows'. Throws Win32Exception.</summary>
    public static void EnsureSource()
    {
        Check(RegCreateKeyEx(LocalMachine, Key, 0, null, 0, SetValue, IntPtr.Zero, out var key, out _));
        try
        {
            var text = (MessageFile + '\0').ToCharArray();
            var bytes = new byte[text.Length * sizeof(char)];
            Buffer.BlockCopy(text, 0, bytes, 0, bytes.Length);
            Check(RegSetValueEx(key, "EventMessageFile", 0, ExpandText, bytes, bytes.Length));
            Check(RegSetValueEx(key, "TypesSupported", 0, Number, BitConverter.GetBytes(7), sizeof(int)));
        }
        finally
        {
            RegCloseKey(key);
        }
    }

    /// <summary>Writes an entry; any account may. Throws Win32Exception.</summary>
    /// <param name="id">1 to 1000.</param>
    /// <param name="kind">information, warning or error.</param>
    /// <param name="text">What it says.</param>
    public static void Write(int id, string kind, string text)
    {
        var log = RegisterEventSource(null, Source);
        if (log == IntPtr.Zero) throw new Win32Exception(Marshal.GetLastWin32Error());
        try
        {
            var type = kind switch { "error" => 1, "warning" => 2, _ => 4 };
            var shown = text.Length > Longest ? text.Substring(0, Longest) : text;
            if (!ReportEvent(log, (ushort)type, 0, (uint)id, IntPtr.Zero, 1, 0, new[] { shown }, IntPtr.Zero)) throw new Win32Exception(Marshal.GetLastWin32Error());
        }
        finally
        {
            DeregisterEventSource(log);
        }
    }

    private static void Check(int result)
    {
        if (result != 0) throw new Win32Exception(result);
    }

    [DllImport("advapi32.dll", CharSet = CharSet.Unicode, EntryPoint = "RegCreateKeyExW")]
    private static extern int RegCreateKeyEx(UIntPtr parent, string name, uint reserved, string? type, uint options, uint rights, IntPtr security, out IntPtr key, out uint made);

    [DllImport("advapi32.dll", CharSet = CharSet.Unicode, EntryPoint = "RegSetValueExW")]
    private static extern int RegSetValueEx(IntPtr key, string name, uint reserved, uint kind, byte[] value, int size);

    [DllImport("advapi32.dll")]
    private static extern int RegCloseKey(IntPtr key);

    [DllImport("advapi32.dll", CharSet = CharSet.Unicode, EntryPoint = "RegisterEventSourceW", SetLastError = true)]
    private static extern IntPtr RegisterEventSource(string? server, string source);

    [DllImport("advapi32.dll", CharSet = CharSet.Unicode, EntryPoint = "ReportEventW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool ReportEvent(IntPtr log, ushort type, ushort category, uint id, IntPtr user, ushort count, uint size, string[] texts, IntPtr data);

    [DllImport("advapi32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool DeregisterEventSource(IntPtr log);
}
