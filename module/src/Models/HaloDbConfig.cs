using System.Collections.Generic;

namespace HaloDBIntegrator.Models;

/// <summary>An instance's settings, without any secret.</summary>
public sealed class HaloDbConfig
{
    /// <summary>Full path of its appsettings.json.</summary>
    public string Path { get; internal set; } = "";

    /// <summary>Where Halo's web application is.</summary>
    public string HaloUrl { get; internal set; } = "";

    /// <summary>The SQL Server, or "(embedded)".</summary>
    public string Server { get; internal set; } = "";

    /// <summary>The database's name on that server.</summary>
    public string Database { get; internal set; } = "";

    /// <summary>Who signs in; null where nobody needs to.</summary>
    public string? Username { get; internal set; }

    /// <summary>Whether a password is in the settings. The password itself is never read out.</summary>
    public bool HasPassword { get; internal set; }

    /// <summary>Whether the connection is encrypted; null when the settings leave it to the driver.</summary>
    public bool? Encrypt { get; internal set; }

    /// <summary>Whether a certificate nobody vouches for is accepted.</summary>
    public bool? TrustServerCertificate { get; internal set; }

    /// <summary>How to sign in: sql, ntlm, entra-password, entra-token or windows; null when the settings leave it at sql.</summary>
    public string? Authentication { get; internal set; }

    /// <summary>The integrations that the settings name.</summary>
    public IReadOnlyList<string> Integrations { get; internal set; } = new List<string>();

    /// <summary>The entities this instance switches on, such as "Pax8 Subscriptions".</summary>
    public IReadOnlyList<string> EntitiesOn { get; internal set; } = new List<string>();

    /// <summary>The settings of syncs, defaults filled in: BatchSize, TimeLimitMinutes …</summary>
    public object? Sync { get; internal set; }

    /// <summary>The settings of the log, defaults filled in.</summary>
    public object? Logging { get; internal set; }

    /// <summary>What is set about NHserver.</summary>
    public object? Nhserver { get; internal set; }

    /// <summary>What is set of that which is inferred about Halo's database.</summary>
    public object? Halo { get; internal set; }

    /// <summary>All of it by the names in appsettings.json, the integrations' own settings too; a secret is *** or its reference.</summary>
    public object? Settings { get; internal set; }

    /// <summary>The same path; binds to -ConfigPath down a pipeline.</summary>
    public string ConfigPath => Path;
}
