using System.Management.Automation;
using HaloDBIntegrator.Completion;
using HaloDBIntegrator.Models;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Shows what ran in an instance, the newest first; a run at work shows how far it is.</summary>
/// <remarks>
/// Every run leaves a record in its instance's state folder, also one that could not start; records are kept for Logging.HistoryDays. State is running, ended,
/// or interrupted where its process is gone without a word. Entities has what became of each.
/// </remarks>
/// <example>
/// <code>Get-HaloSyncRun -Failed -Last 5 -ConfigPath D:\Halo\hourly</code>
/// <para>Shows the last five runs that did not end with exit code 0.</para>
/// </example>
/// <example>
/// <code>Get-HaloSyncRun -State running -ConfigPath D:\Halo\hourly</code>
/// <para>Shows how far the run at work is.</para>
/// </example>
/// <seealso>Get-HaloSyncLog</seealso>
/// <seealso>Stop-HaloSync</seealso>
/// <seealso>Export-HaloSyncReport</seealso>
/// <seealso>about_Halo_Troubleshooting</seealso>
[Cmdlet(VerbsCommon.Get, "HaloSyncRun")]
[OutputType(typeof(HaloSyncRun))]
public sealed class GetHaloSyncRunCommand : HaloSyncRunFilterCmdlet
{
    /// <summary>Only this run: its id, or the beginning of it.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Run", "Id")]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string? RunId { get; set; }

    /// <summary>Only runs in this state.</summary>
    [Parameter]
    [ValidateSet("running", "ended", "interrupted")]
    public string? State { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var parameters = Filter();
        if (RunId != null) parameters["run"] = RunId;
        if (State != null) parameters["state"] = State;
        if (!IsNew(parameters)) return;
        foreach (var run in Reading.Objects(Ask("runs", parameters, FullConfigPath()), "runs")) WriteObject(RunReading.Run(run, FullConfigPath()));
    }
}

/// <summary>Stops what is at work in an instance, after the batch at hand; what was written stays written.</summary>
/// <remarks>
/// The run is asked to stop, and does after the batch at hand, so that nothing is half written; the next one goes on there. One that has not ended when -Wait is
/// over is left at it, or with -Force ended as it is.
/// </remarks>
/// <example>
/// <code>Stop-HaloSync -ConfigPath D:\Halo\hourly</code>
/// <para>Stops what is at work there after the batch at hand; the next run goes on.</para>
/// </example>
/// <seealso>Get-HaloSyncRun</seealso>
/// <seealso>Invoke-HaloSync</seealso>
/// <seealso>about_Halo_Troubleshooting</seealso>
[Cmdlet(VerbsLifecycle.Stop, "HaloSync", SupportsShouldProcess = true)]
[OutputType(typeof(HaloSyncRun))]
public sealed class StopHaloSyncCommand : HaloInstanceCmdlet
{
    /// <summary>Only this run: its id, or the beginning of it.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Run", "Id")]
    [ArgumentCompleter(typeof(RunCompleter))]
    public string? RunId { get; set; }

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
        if (!ShouldProcess($"{(RunId == null ? "every sync at work" : $"the run {RunId}")} in {FullConfigPath()}", "Stop")) return;
        var parameters = new JObject { ["wait"] = Wait, ["force"] = Force.ToBool() };
        if (RunId != null) parameters["run"] = RunId;
        foreach (var run in Reading.Objects(Ask("stop", parameters, RunId), "runs"))
        {
            if (PassThru) WriteObject(RunReading.Run(run, FullConfigPath()));
        }
    }
}
