namespace HaloDBIntegrator.Models;

/// <summary>Something found in Halo's database whose meaning is not public; it holds no personal data.</summary>
public sealed class HaloDiagnosticFinding
{
    /// <summary>Where it was found, such as ExternalLink.</summary>
    public string Subject { get; internal set; } = "";

    /// <summary>What was found: values by their columns; rows is how many rows are alike.</summary>
    public object? Facts { get; internal set; }

    /// <summary>Full path of the instance's appsettings.json; binds to -ConfigPath down a pipeline.</summary>
    public string ConfigPath { get; internal set; } = "";
}
