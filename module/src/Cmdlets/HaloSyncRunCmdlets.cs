using System.Management.Automation;
using HaloDBIntegrator.Models;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Shows what ran in an instance, the newest first; a run at work shows how far it is.</summary>
/// <example>
/// <code>Get-HaloSyncRun -Failed -Last 5 -ConfigPath D:\Halo\hourly</code>
/// <para>Shows the last five runs that did not end with exit code 0.</para>
/// </example>
/// <example>
/// <code>Get-HaloSyncRun -State running -ConfigPath D:\Halo\hourly</code>
/// <para>Shows how far the run at work is.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaloSyncRun")]
[OutputType(typeof(HaloSyncRun))]
public sealed class GetHaloSyncRunCommand : HaloSyncRunFilterCmdlet
{
    /// <summary>Only this run: its id, or the beginning of it.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("RunId")]
    public string? Id { get; set; }

    /// <summary>Only runs in this state.</summary>
    [Parameter]
    [ValidateSet("running", "ended", "interrupted")]
    public string? State { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var parameters = Filter();
        if (Id != null) parameters["run"] = Id;
        if (State != null) parameters["state"] = State;
        if (!IsNew(parameters)) return;
        foreach (var run in Reading.Objects(Ask("runs", parameters, FullConfigPath()), "runs")) WriteObject(RunReading.Run(run, FullConfigPath()));
    }
}

/// <summary>Reads an instance's log, rotated files too; the newest line comes last.</summary>
/// <example>
/// <code>Get-HaloSyncRun -Last 1 | Get-HaloSyncLog -Level warn</code>
/// <para>Shows the warnings and errors of the last run.</para>
/// </example>
/// <example>
/// <code>Get-HaloSyncLog -Tail 20 -Since (Get-Date).AddHours(-1) -ConfigPath D:\Halo\hourly</code>
/// <para>Shows the last twenty lines of the last hour.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaloSyncLog")]
[OutputType(typeof(HaloSyncLogLine))]
public sealed class GetHaloSyncLogCommand : HaloSyncFilterCmdlet
{
    /// <summary>Only so many lines, the newest; 100 when left out, 0 for all.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; } = 100;

    /// <summary>The least level: warn gives warnings and errors.</summary>
    [Parameter]
    [ValidateSet("error", "warn", "info", "debug")]
    public string? Level { get; set; }

    /// <summary>Only lines of this run: its id, or the beginning of it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "RunId")]
    public string? Run { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var parameters = Filter();
        if (Tail > 0) parameters["tail"] = Tail;
        if (Level != null) parameters["level"] = Level;
        if (Run != null) parameters["run"] = Run;
        if (!IsNew(parameters)) return;
        foreach (var line in Reading.Objects(Ask("logs", parameters, FullConfigPath()), "lines")) WriteObject(RunReading.Line(line, FullConfigPath()));
    }
}

/// <summary>Stops what is at work in an instance, after the batch at hand; what was written stays written.</summary>
/// <example>
/// <code>Stop-HaloSync -ConfigPath D:\Halo\hourly</code>
/// <para>Stops what is at work there after the batch at hand; the next run goes on.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Stop, "HaloSync", SupportsShouldProcess = true)]
[OutputType(typeof(HaloSyncRun))]
public sealed class StopHaloSyncCommand : HaloInstanceCmdlet
{
    /// <summary>Only this run: its id, or the beginning of it.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("RunId")]
    public string? Id { get; set; }

    /// <summary>Seconds to wait for its end; 60 when left out.</summary>
    [Parameter]
    [ValidateRange(0, 86400)]
    public int Wait { get; set; } = 60;

    /// <summary>Ends the process when it has not stopped by then.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gives the runs that were stopped.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        if (!ShouldProcess($"{(Id == null ? "every sync at work" : $"the run {Id}")} in {FullConfigPath()}", "Stop")) return;
        var parameters = new JObject { ["wait"] = Wait, ["force"] = Force.ToBool() };
        if (Id != null) parameters["run"] = Id;
        foreach (var run in Reading.Objects(Ask("stop", parameters, Id), "runs"))
        {
            if (PassThru) WriteObject(RunReading.Run(run, FullConfigPath()));
        }
    }
}
