using System.Management.Automation;
using HaloDBIntegrator.Models;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Looks in Halo's database for codes that are not public, and reads only. What it gives has no personal data, so that it can be sent.</summary>
/// <remarks>
/// Halo's numbers for kinds of links, modules and settings are not all public. This collects them from a live Halo, with their counts: of an id only its
/// shape, of a description only whether it names a known product. Read the text before it is sent. Test-HaloDbConfig compares the same with what is assumed.
/// docs/halo-database.md lists what is assumed, and which setting corrects it.
/// </remarks>
/// <example>
/// <code>Get-HaloDiagnostic -OutFile halo-diagnostic.txt -ConfigPath D:\Halo\hourly</code>
/// <para>Writes it as one text, to be read and then sent.</para>
/// </example>
/// <example>
/// <code>(Get-HaloDiagnostic -ConfigPath D:\Halo\hourly | Where-Object Subject -eq ExternalLink).Facts | Format-Table</code>
/// <para>Shows which kinds of links there are, and how many of each.</para>
/// </example>
/// <seealso>Test-HaloDbConfig</seealso>
/// <seealso>about_Halo_Troubleshooting</seealso>
[Cmdlet(VerbsCommon.Get, "HaloDiagnostic")]
[OutputType(typeof(HaloDiagnosticFinding))]
public sealed class GetHaloDiagnosticCommand : HaloInstanceCmdlet
{
    /// <summary>A new file to write it to, too; one that is there is not replaced.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var parameters = new JObject();
        if (OutFile != null) parameters["path"] = GetUnresolvedProviderPathFromPSPath(OutFile);
        var data = Ask("diagnose", parameters, FullConfigPath());
        foreach (var finding in Reading.Objects(data, "findings")) WriteObject(Reading.Finding(finding, FullConfigPath()));
    }
}
