using System;

namespace HaloDBIntegrator.Bridge;

/// <summary>The instance that cmdlets mean where none is named. It is the process's own, so that a profile sets it and nothing outlives the session.</summary>
internal static class DefaultInstance
{
    /// <summary>The environment variable it is kept in.</summary>
    public const string Variable = "HALO_DB_INTEGRATOR_INSTANCE";

    /// <summary>Full path of its appsettings.json; null where there is none.</summary>
    public static string? Path
    {
        get => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : null;
        set => Environment.SetEnvironmentVariable(Variable, value);
    }
}
