namespace HaloDBIntegrator.Models;

/// <summary>One check of an instance's settings.</summary>
public sealed class HaloConfigCheck
{
    /// <summary>What was checked.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>Whether it is as it should be.</summary>
    public bool Passed { get; internal set; }

    /// <summary>What was found.</summary>
    public string Detail { get; internal set; } = "";

    /// <summary>What to do; null when it passed.</summary>
    public string? Fix { get; internal set; }

    /// <summary>Full path of the instance's appsettings.json; binds to -ConfigPath down a pipeline.</summary>
    public string ConfigPath { get; internal set; } = "";
}
