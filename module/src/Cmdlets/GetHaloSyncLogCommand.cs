using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using HaloDBIntegrator.Completion;
using HaloDBIntegrator.Models;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Reads an instance's log, rotated files too; the newest line comes last.</summary>
/// <remarks>
/// The lines are those of the files in the instance's logs folder, read as objects; Facts has everything that stands in a line. With -Wait it goes on and shows
/// what is written from then on, as Get-Content does, until Ctrl-C.
/// </remarks>
/// <example>
/// <code>Get-HaloSyncRun -Last 1 | Get-HaloSyncLog -Level warn</code>
/// <para>Shows the warnings and errors of the last run.</para>
/// </example>
/// <example>
/// <code>Get-HaloSyncLog -Tail 20 -Since (Get-Date).AddHours(-1) -ConfigPath D:\Halo\hourly</code>
/// <para>Shows the last twenty lines of the last hour.</para>
/// </example>
/// <example>
/// <code>Get-HaloSyncLog -Wait -ConfigPath D:\Halo\hourly</code>
/// <para>Shows the last lines, and then each line as it is written, until Ctrl-C.</para>
/// </example>
/// <seealso>Get-HaloSyncRun</seealso>
/// <seealso>Export-HaloSyncReport</seealso>
/// <seealso>about_Halo_Troubleshooting</seealso>
[Cmdlet(VerbsCommon.Get, "HaloSyncLog")]
[OutputType(typeof(HaloSyncLogLine))]
public sealed class GetHaloSyncLogCommand : HaloSyncFilterCmdlet
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>Only so many lines, the newest; 100 when left out, 0 for all.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; } = 100;

    /// <summary>The least level: warn gives warnings and errors. PowerShell's words (Warning, Information, Verbose) mean the same.</summary>
    [Parameter]
    [LevelWord]
    [ValidateSet("error", "warn", "info", "debug")]
    public string? Level { get; set; }

    /// <summary>Only lines of this run: its id, or the beginning of it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Run", "Id")]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string? RunId { get; set; }

    /// <summary>Goes on and gives each line as it is written, until Ctrl-C or the end of what takes them; of several instances the first is followed.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var parameters = Filter();
        if (Tail > 0) parameters["tail"] = Tail;
        if (Level != null) parameters["level"] = Level;
        if (RunId != null) parameters["run"] = RunId;
        if (!IsNew(parameters)) return;
        var shown = Show(parameters, new HashSet<string>());
        while (Wait)
        {
            Thread.Sleep(BetweenLooks);
            parameters.Remove("tail");
            if (shown.Newest != null) parameters["since"] = shown.Newest;
            shown = Show(parameters, shown.Lines, shown.Newest);
        }
    }

    /// <summary>Gives what is new, and answers the time of the newest line with all that was written at that time: the next look sees these once more.</summary>
    private (string? Newest, HashSet<string> Lines) Show(JObject parameters, HashSet<string> known, string? newest = null)
    {
        var lines = known;
        foreach (var line in Reading.Objects(Ask("logs", parameters, FullConfigPath()), "lines"))
        {
            var text = line.ToString(Formatting.None);
            if (known.Contains(text)) continue;
            WriteObject(RunReading.Line(line, FullConfigPath()));
            var time = (string?)line["time"];
            if (string.IsNullOrEmpty(time)) continue;
            if (time != newest) lines = new HashSet<string>();
            newest = time;
            lines.Add(text);
        }
        return (newest, lines);
    }
}
