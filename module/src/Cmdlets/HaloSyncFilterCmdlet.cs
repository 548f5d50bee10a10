using System;
using System.Globalization;
using System.Management.Automation;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Base of the cmdlets about what ran: of what, and since when.</summary>
public abstract class HaloSyncFilterCmdlet : HaloEntityFilterCmdlet
{
    /// <summary>Only runs that started, and lines that were written, since then.</summary>
    [Parameter]
    public DateTime? Since { get; set; }

    /// <inheritdoc />
    private protected override JObject Filter()
    {
        var parameters = base.Filter();
        if (Since != null) parameters["since"] = Since.Value.ToUniversalTime().ToString("o", CultureInfo.InvariantCulture);
        return parameters;
    }
}
