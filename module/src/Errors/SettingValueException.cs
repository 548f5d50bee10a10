namespace HaloDBIntegrator.Errors;

/// <summary>What was given cannot be a setting's value.</summary>
public sealed class SettingValueException : HaloEngineException
{
    /// <summary>Makes one of its message.</summary>
    /// <param name="message">What was given; never the value itself.</param>
    public SettingValueException(string message)
        : base(message, "Usage", "config", "Look at the examples: Get-Help Set-HaloIntegrationSetting -Examples.", exitCode: 2)
    {
    }
}
