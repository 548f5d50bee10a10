using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace HaloDBIntegrator.Scheduling;

/// <summary>Drive letters that only the sign-in has that made them: of the network (net use) and of other folders (subst).</summary>
internal static class SessionDrives
{
    /// <summary>What Windows has behind a drive such as Z:, null where it has none; a test may put another in its place.</summary>
    public static Func<string, string?> Device { get; set; } = OfWindows;

    /// <summary>The same path without such a letter; null where it has none.</summary>
    public static string? Behind(string path) =>
        Regex.Match(path, @"^[a-zA-Z]:") is { Success: true } drive && Target(Device(drive.Value)) is { } target
            ? target.TrimEnd('\\') + path.Substring(drive.Length)
            : null;

    /// <summary>The folder a device is, such as \??\C:\folder, \??\UNC\server\share or \Device\LanmanRedirector\;Z:0001\server\share.</summary>
    private static string? Target(string? device)
    {
        if (device == null) return null;
        const string local = @"\??\";
        if (device.StartsWith(local + @"UNC\", StringComparison.OrdinalIgnoreCase)) return @"\\" + device.Substring(local.Length + 4);
        if (device.StartsWith(local, StringComparison.Ordinal)) return device.Substring(local.Length);
        var network = Regex.Match(device, @"^\\Device\\.*;[a-zA-Z]:[^\\]*\\(.+)$", RegexOptions.IgnoreCase);
        return network.Success ? @"\\" + network.Groups[1].Value : null;
    }

    private static string? OfWindows(string drive)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) return null;
        var device = new StringBuilder(4096);
        var known = QueryDosDevice(drive, device, device.Capacity) != 0 ? device.ToString() : null;
        if (Target(known) != null) return known;
        // A redirector of another kind says where it leads in its own way.
        return new DriveInfo(drive).DriveType == DriveType.Network ? @"\??\UNC\server\share" : null;
    }

    [DllImport("kernel32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern uint QueryDosDevice(string device, StringBuilder target, int length);
}
