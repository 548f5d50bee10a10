namespace HaloDBIntegrator.Errors;

/// <summary>Something was to be protected by Windows, and this is not Windows.</summary>
public sealed class ProtectionUnavailableException : HaloEngineException
{
    /// <summary>Makes one.</summary>
    public ProtectionUnavailableException()
        : base(
            "Only Windows can protect a password for its machine.",
            "ProtectionUnavailable",
            "config",
            "Leave out -Protect, and write the password as {\"Environment\": \"NAME\"} or {\"Vault\": …, \"Secret\": …}.",
            exitCode: 2)
    {
    }
}
