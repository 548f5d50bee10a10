using System.Management.Automation;
using HaloDBIntegrator.Models;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Makes a folder for a frequency: an appsettings.json with every entity off, logs and state.</summary>
/// <remarks>
/// An instance has settings, logs and state of its own. The new one has the address, the database, the sign-in and the integrations' settings of another;
/// every entity is off, so that none runs twice. The folder's name says how often its task is to run: 5min, hourly, daily-0300. A file that is there is never written over.
/// </remarks>
/// <example>
/// <code>New-HaloSyncInstance C:\HaloIntegrator\5min -CopyFrom C:\HaloIntegrator\daily</code>
/// <para>Makes a folder for syncs every five minutes with the database and sign-in of another one.</para>
/// </example>
/// <seealso>Get-HaloSyncInstance</seealso>
/// <seealso>Set-HaloSyncInstance</seealso>
/// <seealso>Register-HaloSyncTask</seealso>
/// <seealso>about_Halo_Configuration</seealso>
[Cmdlet(VerbsCommon.New, "HaloSyncInstance", SupportsShouldProcess = true)]
[OutputType(typeof(HaloSyncInstance))]
public sealed class NewHaloSyncInstanceCommand : HaloEngineCmdlet
{
    /// <summary>The folder to make, such as C:\HaloIntegrator\5min; its name says how often it runs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [PathText]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = { };

    /// <summary>The settings to begin with: an appsettings.json or its folder; when left out, those of -ConfigPath, and else the ones beside the engine.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CopyFrom { get; set; }

    /// <summary>As -CopyFrom, which goes before it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Config")]
    public string? ConfigPath { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (var one in Path) Attempt(() => Make(one), one);
    }

    /// <inheritdoc />
    private protected override string? EngineConfig() => ConfigPath == null ? null : GetUnresolvedProviderPathFromPSPath(ConfigPath);

    private void Make(string path)
    {
        var folder = GetUnresolvedProviderPathFromPSPath(path);
        if (!ShouldProcess(folder, "Make an instance")) return;
        var parameters = new JObject { ["path"] = folder };
        if (CopyFrom != null) parameters["copyFrom"] = GetUnresolvedProviderPathFromPSPath(CopyFrom);
        WriteObject(RunReading.Instance((JObject)Ask("instance-new", parameters, folder)));
    }
}
