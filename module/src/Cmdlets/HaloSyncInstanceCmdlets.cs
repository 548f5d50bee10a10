using System.IO;
using System.Linq;
using System.Management.Automation;
using HaloDBIntegrator.Bridge;
using HaloDBIntegrator.Errors;
using HaloDBIntegrator.Models;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Lists the instances in a folder, however their syncs are started.</summary>
/// <remarks>
/// An instance is a folder with an appsettings.json. Folders are looked into three levels deep; the Task Scheduler is not asked, so it
/// works on any system. An instance whose settings cannot be read is listed with the reason as its Problem.
/// </remarks>
/// <example>
/// <code>Get-HaloSyncInstance C:\HaloIntegrator</code>
/// <para>Lists the instances in that folder, with what is on in each.</para>
/// </example>
/// <example>
/// <code>Get-HaloSyncInstance C:\HaloIntegrator | Get-HaloSyncRun -Last 1</code>
/// <para>Shows the last run of each of them.</para>
/// </example>
/// <seealso>New-HaloSyncInstance</seealso>
/// <seealso>Set-HaloSyncInstance</seealso>
/// <seealso>Get-HaloSyncTask</seealso>
/// <seealso>about_Halo_Configuration</seealso>
[Cmdlet(VerbsCommon.Get, "HaloSyncInstance")]
[OutputType(typeof(HaloSyncInstance))]
public sealed class GetHaloSyncInstanceCommand : HaloEngineCmdlet
{
    /// <summary>The folders to look in; the current one when left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("FullName", "Folder")]
    public string[] Path { get; set; } = { "." };

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (var path in Path) Attempt(() => List(GetUnresolvedProviderPathFromPSPath(path)), path);
    }

    private void List(string folder)
    {
        if (!Directory.Exists(folder) && !File.Exists(folder)) throw new InstanceNotFoundException($"There is no folder {folder}.");
        var found = Ask("instance-list", new JObject { ["paths"] = new JArray(folder) }, folder);
        foreach (var one in Reading.Objects(found, "instances")) WriteObject(RunReading.Instance(one));
    }
}

/// <summary>Chooses the instance that this session's cmdlets mean where none is named.</summary>
/// <remarks>
/// It is kept in the environment variable HALO_DB_INTEGRATOR_INSTANCE of the session; a line in $PROFILE sets it in every one. What a
/// command names with -ConfigPath, and what comes down a pipeline, goes before it. Scheduled tasks and the command line name their instance themselves.
/// </remarks>
/// <example>
/// <code>Set-HaloSyncInstance C:\HaloIntegrator\hourly -Default
/// Test-HaloDbConfig</code>
/// <para>Checks that instance, and lets whatever follows mean it too.</para>
/// </example>
/// <example>
/// <code>Set-HaloSyncInstance -Default:$false</code>
/// <para>From now on a command has to name its instance again.</para>
/// </example>
/// <seealso>Get-HaloSyncInstance</seealso>
/// <seealso>New-HaloSyncInstance</seealso>
/// <seealso>about_Halo_Configuration</seealso>
[Cmdlet(VerbsCommon.Set, "HaloSyncInstance", SupportsShouldProcess = true)]
[OutputType(typeof(HaloSyncInstance))]
public sealed class SetHaloSyncInstanceCommand : HaloEngineCmdlet
{
    /// <summary>The folder of the instance, or its appsettings.json.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("ConfigPath", "FullName", "Folder")]
    public string? Path { get; set; }

    /// <summary>Makes it the default of this session; -Default:$false leaves the session without one.</summary>
    [Parameter(Mandatory = true)]
    public SwitchParameter Default { get; set; }

    /// <summary>Gives the instance.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Attempt(Choose, Path);

    private void Choose()
    {
        if (!Default)
        {
            if (ShouldProcess(DefaultInstance.Path ?? "", "Be no default any more")) DefaultInstance.Path = null;
            return;
        }
        if (Path == null) throw new InstanceNotNamedException();
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        if (Directory.Exists(path)) path = System.IO.Path.Combine(path, SettingsFile);
        if (!File.Exists(path)) throw new InstanceNotFoundException($"There is no {path}.");
        if (!ShouldProcess(path, "Be the default of this session")) return;
        DefaultInstance.Path = path;
        if (!PassThru) return;
        var found = Ask("instance-list", new JObject { ["paths"] = new JArray(path) }, path);
        foreach (var one in Reading.Objects(found, "instances").Take(1)) WriteObject(RunReading.Instance(one));
    }
}
