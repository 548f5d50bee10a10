using System.Management.Automation;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Base of the cmdlets about runs: which are meant.</summary>
public abstract class HaloSyncRunFilterCmdlet : HaloSyncFilterCmdlet
{
    /// <summary>Only runs that did not end with exit code 0.</summary>
    [Parameter]
    public SwitchParameter Failed { get; set; }

    /// <summary>Only so many, the newest; left out, a report has 1,000, and a list all.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Last { get; set; }

    /// <inheritdoc />
    private protected override JObject Filter()
    {
        var parameters = base.Filter();
        parameters["failed"] = Failed.ToBool();
        if (Last != null) parameters["last"] = Last;
        return parameters;
    }
}
