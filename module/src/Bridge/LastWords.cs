using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using HaloDBIntegrator.Errors;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Bridge;

/// <summary>
/// One line on why a scheduled run had no engine to speak for itself, as the engine writes its own: in the instance's log, else in
/// a log in the temporary folder.
/// </summary>
internal static class LastWords
{
    private const int Tries = 5;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    /// <summary>Writes it in the first place that takes it.</summary>
    /// <param name="problem">What kept the engine from running.</param>
    /// <param name="settings">The instance's appsettings.json.</param>
    public static void Write(HaloEngineException problem, string settings)
    {
        var folder = Path.GetDirectoryName(settings) ?? "";
        var now = DateTime.Now;
        var line = new JObject
        {
            ["time"] = now.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["level"] = "error",
            ["message"] = $"The scheduled sync of {folder} did not run: {problem.Message}",
            ["error"] = new JObject { ["message"] = problem.Message, ["code"] = problem.Code, ["category"] = problem.EngineCategory, ["advice"] = problem.Advice, ["exitCode"] = problem.ExitCode },
        };
        var text = line.ToString(Newtonsoft.Json.Formatting.None) + "\n";
        var file = $"halo-db-integrator-{now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.log";
        if (Directory.Exists(folder) && Append(folder, file, text)) return;
        Append(Path.Combine(Path.GetTempPath(), "HaloDBIntegrator"), file, text);
    }

    private static bool Append(string folder, string file, string text)
    {
        try
        {
            var logs = Directory.CreateDirectory(Path.Combine(folder, "logs"));
            AppendWhereOthersWrite(Path.Combine(logs.FullName, file), Encoding.UTF8.GetBytes(text));
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The next place is tried; the error itself is PowerShell's in any case.
            return false;
        }
    }

    /// <summary>A run at work has the log open for writing, and a program that looks at it may have it for itself for a moment.</summary>
    private static void AppendWhereOthersWrite(string path, byte[] line)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                using var log = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                log.Write(line, 0, line.Length);
                return;
            }
            catch (IOException) when (tries < Tries)
            {
                Thread.Sleep(BetweenTries);
            }
        }
    }
}
