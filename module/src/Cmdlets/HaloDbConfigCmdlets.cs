using System.Management.Automation;
using HaloDBIntegrator.Models;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Reads all settings of an instance, defaults filled in, without any secret.</summary>
/// <remarks>
/// The settings are those of appsettings.json with the defaults filled in: the usual ones by name, whole sections as Sync, Logging, Halo and
/// Nhserver, and all of the file as Settings. In place of a secret stands *** or its reference. Nothing is connected to: Test-HaloDbConfig does that.
/// </remarks>
/// <example>
/// <code>Get-HaloDbConfig -ConfigPath D:\Halo\hourly</code>
/// <para>Shows the settings of the instance in that folder.</para>
/// </example>
/// <example>
/// <code>(Get-HaloDbConfig -ConfigPath D:\Halo\hourly).Settings.Integrations.Pax8.Settings</code>
/// <para>Shows the settings of one integration; Settings has all of the file, by the names in it.</para>
/// </example>
/// <seealso>Set-HaloDbConfig</seealso>
/// <seealso>Test-HaloDbConfig</seealso>
/// <seealso>about_Halo_Configuration</seealso>
[Cmdlet(VerbsCommon.Get, "HaloDbConfig")]
[OutputType(typeof(HaloDbConfig))]
public sealed class GetHaloDbConfigCommand : HaloInstanceCmdlet
{
    /// <inheritdoc />
    private protected override void ProcessInstance() => WriteObject(Reading.Config(Ask("config-get", target: FullConfigPath())));
}

/// <summary>Checks an instance's settings, its database and its integrations; one object per check.</summary>
/// <remarks>
/// Checks come in the order in which things are needed: the file, the database and its rights, Halo's tables, both switches of each integration,
/// its credentials, and whether its vendor answers. A check that fails is an object with Passed false and a Fix, not an error. Nothing is written.
/// </remarks>
/// <example>
/// <code>Test-HaloDbConfig -ConfigPath D:\Halo\hourly | Where-Object { -not $_.Passed }</code>
/// <para>Shows what is wrong, each with its fix.</para>
/// </example>
/// <example>
/// <code>Test-HaloDbConfig -SendNotice -ConfigPath D:\Halo\hourly | Where-Object Name -like 'Notice*'</code>
/// <para>Sends a try to whom the settings want told when scheduled runs fail.</para>
/// </example>
/// <seealso>Get-HaloDbConfig</seealso>
/// <seealso>Set-HaloDbConfig</seealso>
/// <seealso>about_Halo_Troubleshooting</seealso>
[Cmdlet(VerbsDiagnostic.Test, "HaloDbConfig")]
[OutputType(typeof(HaloConfigCheck))]
public sealed class TestHaloDbConfigCommand : HaloInstanceCmdlet
{
    /// <summary>Send a try of a notice, too, to whom the settings name (Notice).</summary>
    [Parameter]
    public SwitchParameter SendNotice { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var parameters = new JObject { ["sendNotice"] = SendNotice.ToBool() };
        foreach (var check in Reading.Objects(Ask("test", parameters, FullConfigPath()), "checks")) WriteObject(Reading.Check(check, FullConfigPath()));
    }
}
